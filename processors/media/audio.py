"""Encode an audio stream, whole, to segments of AAC or Opus on the video's timeline, as loud as all others.

Whole, because a cut would be heard: coded frames overlap. What an encoder puts before the sound (its priming) is
dropped instead of being hidden by an edit list or a pre-skip, which players treat differently; Opus is fed so late
that its priming fills a packet. Measured, a beep then lands within 4 ms of the picture in hls.js, dash.js and Shaka.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, groupby, islice
from typing import BinaryIO

import msgspec
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.packet import Packet

from processors.media.audio_codecs import RATE, form_of, opened_encoder
from processors.media.boundaries import segment_number
from processors.media.edits import picture_lead
from processors.media.fragments import Sample, fragment, segment
from processors.media.frames import Concealed
from processors.media.jobs import AudioJob
from processors.media.listen import loudness_of
from processors.media.loudness import MOST_GAIN_DB, MOST_GUESSED_DB, Meter, gain_db, levelling
from processors.media.made import AudioDone, SegmentGroup, coded
from processors.media.sound import coded_frames, decoded, sound_stream, timely, zero_of
from processors.media.source import opened


def encode_audio(file: BinaryIO, job: AudioJob) -> Iterator[SegmentGroup | AudioDone]:
    """The audio's segments one by one, then the account. It is as long as the video, to within one coded frame.

    One gain levels the whole, known before the first frame is encoded; how loud it then is, is measured on the way.
    Where the gain is by the beginning alone (`level_ms`), it is a careful one, and peaks may be anywhere.
    Raises Unplayable (`no_audio`) when the stream isn't there.
    """
    form, concealed, meter = form_of(job.track), Concealed(), Meter(true_peak=True)
    lead = picture_lead(file)
    before = loudness_of(file, job.stream, form.layout, job.level_ms or job.duration_ms)
    most = MOST_GUESSED_DB if job.level_ms else MOST_GAIN_DB
    if job.level_ms:
        before = msgspec.structs.replace(before, peak_db=0.0)
    with opened(file) as container:
        stream = sound_stream(container, job.stream)
        frames = decoded(container, stream, zero_of(container, stream) + lead, job.duration_ms, concealed)
        levelled = meter.heard(timely(frames, form, job.duration_ms, levelling(before, most)))
        codec, init = opened_encoder(form)
        packets = islice(_packets(codec, levelled), 1, 1 + coded_frames(form, job.duration_ms))
        numbers, end_ms = list[int](), 0
        for number, data in _segments(packets, form.frame):
            made = coded(job.video_id, job.track, 0.0, number, data, init)
            end_ms = round(made.segment.end_seconds * 1000)
            yield SegmentGroup(number=number, coded=[made if not numbers else made.without_init()])
            numbers.append(number)
        yield AudioDone(
            end_ms=end_ms,
            concealed=concealed.packets,
            numbers=numbers,
            before=before,
            gain_db=gain_db(before, most),
            after=meter.result(),
        )


def _packets(codec: AudioCodecContext, frames: Iterable[AudioFrame]) -> Iterator[Packet]:
    """All that the encoder makes; the first packet is its priming."""
    for frame in chain(frames, [None]):
        yield from codec.encode(frame)


def _segments(packets: Iterable[Packet], length: int) -> Iterator[tuple[int, bytes]]:
    """Packets of `length` samples cut where segments start: one begins with the first packet at or after its time."""
    samples = (Sample(index * length, length, bytes(packet)) for index, packet in enumerate(packets))
    for number, group in groupby(samples, key=lambda sample: segment_number(sample.start * 1000 // RATE)):
        yield number, segment([fragment(number + 1, list(group), all_sync=True)])
