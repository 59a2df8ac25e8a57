"""Listen to a track before it is encoded: how loud is it?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from typing import BinaryIO

import av.error
import msgspec
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream as DecodedStream
from av.container import InputContainer

from processors.media.filters import filtered
from processors.media.frames import Concealed
from processors.media.loudness import Meter
from processors.media.model import Loudness
from processors.media.sound import decoded, sound_stream, zero_of
from processors.media.source import opened

WHOLE_MS = 10 * 60_000  # takes 0.7 s of stereo AAC, while the first pictures are encoded in 1.3 s
PLACES, PLACE_MS = 40, 6_000  # of a longer one: four minutes of sound, all over it


def loudness_of(file: BinaryIO, index: int, layout: str, duration_ms: int) -> Loudness:
    """How loud stream `index` is in a layout; of a track over ten minutes, what places spread evenly over it say.

    Its peak is then taken to be full scale: it may lie between them. The same source gives the same answer: a task
    that is done again goes on with the same gain.
    """
    with opened(file) as container:
        stream, whole = sound_stream(container, index), duration_ms <= WHOLE_MS
        if whole:
            frames = decoded(container, stream, zero_of(container, stream), duration_ms, Concealed())
        else:
            frames = _places(container, stream, duration_ms)
        meter = Meter(true_peak=False)
        for frame in filtered(frames, [("aformat", f"channel_layouts={layout}"), ("asetnsamples", "n=48000:p=0")]):
            meter.hear(frame)
        heard = meter.result()
        return heard if whole else msgspec.structs.replace(heard, peak_db=0.0)


def _places(container: InputContainer, stream: DecodedStream, duration_ms: int) -> Iterator[AudioFrame]:
    zero, base = zero_of(container, stream), Fraction(stream.time_base or Fraction(1, 48_000))
    for place in range(PLACES):
        start = zero + Fraction(duration_ms - PLACE_MS, 1000) * place / (PLACES - 1)
        with suppress(av.error.FFmpegError):  # an index that leads nowhere: listen on from here
            container.seek(int(start / base), stream=stream, backward=True)
        yield from decoded(container, stream, start, PLACE_MS, Concealed())
