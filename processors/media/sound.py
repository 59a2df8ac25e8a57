"""Sound from a container to an encoder: at 48 kHz, on the video's timeline, exactly as long as the video."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream as DecodedStream
from av.container import InputContainer
from av.stream import Stream

from processors.media.audio_codecs import RATE, Form
from processors.media.filters import Filters, filtered
from processors.media.frames import Concealed, frames_in, packets_of
from processors.media.model import Unplayable
from processors.media.source import Clock, has_pictures, picture_stream

TOLERATED_S = 0.05  # gaps and overlaps beyond this are filled with silence or cut


def timely(frames: Iterable[AudioFrame], form: Form, duration_ms: int, levelling: Filters) -> Iterator[AudioFrame]:
    """What an encoder is fed: `coded_frames` from second 0 on, silence where there is no sound, and its lead before."""
    total = coded_frames(form, duration_ms) * form.frame
    filters: Filters = [
        ("aresample", f"{RATE}:async=1:min_hard_comp={TOLERATED_S}:first_pts=0"),
        ("aformat", f"sample_fmts=fltp:channel_layouts={form.layout}"),
        ("apad", f"whole_len={total}"),
        ("atrim", f"end_sample={total}"),
        *levelling,
        *([("adelay", f"{form.lead}S:all=1")] if form.lead else []),
        ("aformat", f"sample_fmts={form.sample_format}"),
        ("asetnsamples", f"n={form.frame}:p=1"),
    ]
    return filtered(frames, filters)


def coded_frames(form: Form, duration_ms: int) -> int:
    """How many coded frames fit into a duration; at least one."""
    return max(1, duration_ms * RATE // 1000 // form.frame)


def sound_stream(container: InputContainer, index: int) -> DecodedStream:
    """The stream with that index. Raises Unplayable (`no_audio`) when it is no sound that can be decoded."""
    stream = next((s for s in container.streams.audio if s.index == index), None)
    if stream is None or stream.codec_context is None:
        raise Unplayable("no_audio", f"Stream {index} of the file is no audio that can be decoded.")
    return stream


def zero_of(container: InputContainer, stream: Stream) -> Fraction:
    """Second 0 on the container's timeline: where the pictures start, or the stream itself where there are none."""
    if has_pictures(container):
        return Clock(picture_stream(container)).zero_seconds
    return (stream.start_time or 0) * Fraction(stream.time_base or Fraction(1, RATE))


def decoded(
    container: InputContainer, stream: DecodedStream, zero: Fraction, duration_ms: int, concealed: Concealed
) -> Iterator[AudioFrame]:
    """Frames from where the container stands, timed from its second `zero`, up to the duration."""
    for packet in packets_of(container, stream, concealed):
        for frame in frames_in(packet, concealed):
            if frame.pts is None:
                continue
            since = Fraction(frame.pts) * (frame.time_base or Fraction(1, RATE)) - zero
            if since * 1000 > duration_ms:
                return
            frame.pts, frame.time_base = round(since * frame.sample_rate), Fraction(1, frame.sample_rate)
            yield frame
