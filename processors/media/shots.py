"""The frames of one chunk, as they are to be encoded: decoded, upright, at their times, keys decided."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from itertools import chain, count
from typing import BinaryIO, NamedTuple

from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream as DecodedStream

from processors.media.boundaries import GOP_MS
from processors.media.colour import keeps_hdr
from processors.media.frames import Concealed, Timed, decoded_from
from processors.media.gops import GRACE_MS, Shot, Span
from processors.media.jobs import ChunkJob
from processors.media.limits import DeviceFailed
from processors.media.source import Clock, opened, picture_stream
from processors.media.timing import frame_rate
from processors.media.upright import corrected, corrections

MOST_FRAMES_A_SECOND = 60  # Apple HLS authoring 1.19


class Shots(NamedTuple):
    """Shots, to be iterated once, on ticks of a clock; `span` and `concealed` tell of them when they are through.

    Those before tick `begin` lead up to the chunk.
    """

    clock: Clock
    begin: int
    rate: Fraction
    span: Span[VideoFrame]
    concealed: Concealed
    shots: Iterator[Shot[VideoFrame]]


class Flawless(Concealed):
    """Of a device, which fails in the same words whether it or the source is damaged: software is to conceal."""

    @property
    def packets(self) -> int:
        return 0

    @packets.setter
    def packets(self, count: int) -> None:
        if count:
            raise DeviceFailed("the device could not decode all of the source")


@contextmanager
def decoded_shots(file: BinaryIO, job: ChunkJob, lead_ms: int = 0) -> Generator[Shots]:
    """The chunk's shots, and those of `lead_ms` before it, large enough for its largest rung.

    Raises Unplayable when the source can't be opened.
    """
    concealed = Flawless() if job.way.decoder else Concealed()
    with opened(file, job.way.decoder) as container:
        stream = picture_stream(container)
        clock = Clock(stream)
        rate = min(Fraction(frame_rate(stream)), Fraction(MOST_FRAMES_A_SECOND))
        begin_ms = max(0, job.chunk.start_ms - lead_ms)
        span = _span(clock, job, begin_ms)
        frames = _frames(container, stream, clock, job, begin_ms, concealed)
        yield Shots(clock, clock.at(job.chunk.start_ms), rate, span, concealed, span.shots(frames))


def _span(clock: Clock, job: ChunkJob, begin_ms: int) -> Span[VideoFrame]:
    lead = [begin_ms] if begin_ms < job.chunk.start_ms else []
    boundaries = (clock.at(ms) for ms in chain(lead, count(job.chunk.start_ms, GOP_MS)))
    end = None if job.chunk.end_ms is None else clock.at(job.chunk.end_ms)
    return Span(boundaries, clock.at(GRACE_MS), end)


def _frames(
    container: InputContainer, stream: DecodedStream, clock: Clock, job: ChunkJob, begin_ms: int, concealed: Concealed
) -> Iterator[Timed]:
    stream.thread_type, stream.codec_context.thread_count = "AUTO", 1
    largest = max((rung.width, rung.height) for rung in job.rungs)
    frames = decoded_from(container, stream, clock, clock.at(begin_ms), concealed)
    frames = corrected(frames, corrections(job.video, largest, keeps_hdr(job.rungs)), clock.base)
    return _at_most_60(frames, clock) if job.video.frame_rate > MOST_FRAMES_A_SECOND + 1 else frames


def _at_most_60(frames: Iterable[Timed], clock: Clock) -> Iterator[Timed]:
    """The first frame of each sixtieth of a second."""
    slot: int | None = None
    for timed in frames:
        this = int(timed.start * clock.base * MOST_FRAMES_A_SECOND)
        if this != slot:
            yield timed
        slot = this
