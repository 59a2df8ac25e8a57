"""Encode one chunk: one decode, all rungs together, segments as soon as every rung has them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from fractions import Fraction
from itertools import count
from typing import BinaryIO

from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream as DecodedStream

from processors.media.boundaries import GOP_MS
from processors.media.colour import rendition_colour
from processors.media.frames import Concealed, Timed, decoded_from
from processors.media.gops import GRACE_MS, Shot, Span
from processors.media.jobs import ChunkJob
from processors.media.made import ChunkDone, Coded, SegmentGroup, coded
from processors.media.rendition import RungEncoder
from processors.media.source import Clock, opened, picture_stream
from processors.media.timing import frame_rate
from processors.media.upright import corrected, corrections

MOST_FRAMES_A_SECOND = 60  # Apple HLS authoring 1.19
AHEAD = 6  # frames that the decoder may be ahead of the slowest rung

Lane = tuple[RungEncoder, ThreadPoolExecutor]
Segments = list[tuple[int, bytes]]


def encode_chunk(file: BinaryIO, job: ChunkJob) -> Iterator[SegmentGroup | ChunkDone]:
    """The chunk's segments, number by number, all rungs of a number at once; then the account.

    Frames that can't be decoded are left out, the ones before them stay. Raises Unplayable when the source can't
    be opened.
    """
    concealed = Concealed()
    with opened(file) as container, ExitStack() as stack:
        stream = picture_stream(container)
        clock = Clock(stream)
        rate = min(Fraction(frame_rate(stream)), Fraction(MOST_FRAMES_A_SECOND))
        span = _span(clock, job)
        shots = span.shots(_frames(container, stream, clock, job, concealed))
        colour = rendition_colour(job.video)
        lanes: list[Lane] = [
            (RungEncoder(rung, clock.base, rate, colour), stack.enter_context(ThreadPoolExecutor(1)))
            for rung in job.rungs
        ]
        groups = Groups(job, [encoder.init for encoder, _ in lanes], float(rate))
        frames = 0
        for results in _encoded(shots, span, lanes):
            frames += 1
            yield from groups.add(results)
        yield ChunkDone(
            frames=frames - 1,
            concealed=concealed.packets,
            end_ms=clock.milliseconds(span.stop),
            exhausted=span.exhausted,
            numbers=groups.numbers,
        )


def _span(clock: Clock, job: ChunkJob) -> Span[VideoFrame]:
    boundaries = (clock.at(ms) for ms in count(job.chunk.start_ms, GOP_MS))
    end = None if job.chunk.end_ms is None else clock.at(job.chunk.end_ms)
    return Span(boundaries, clock.at(GRACE_MS), end)


def _frames(
    container: InputContainer, stream: DecodedStream, clock: Clock, job: ChunkJob, concealed: Concealed
) -> Iterator[Timed]:
    stream.thread_type, stream.codec_context.thread_count = "AUTO", 1
    largest = max((rung.width, rung.height) for rung in job.rungs)
    frames = decoded_from(container, stream, clock, clock.at(job.chunk.start_ms), concealed)
    frames = corrected(frames, corrections(job.video, largest), clock.base)
    return _at_most_60(frames, clock) if job.video.frame_rate > MOST_FRAMES_A_SECOND + 1 else frames


def _at_most_60(frames: Iterable[Timed], clock: Clock) -> Iterator[Timed]:
    """The first frame of each sixtieth of a second."""
    slot: int | None = None
    for timed in frames:
        this = int(timed.start * clock.base * MOST_FRAMES_A_SECOND)
        if this != slot:
            yield timed
        slot = this


def _encoded(shots: Iterable[Shot[VideoFrame]], span: Span[VideoFrame], lanes: list[Lane]) -> Iterator[list[Segments]]:
    """For each shot, and once more for the end, what each lane completed. A lane is a thread: x264 frees the lock."""
    waiting: deque[list[Future[Segments]]] = deque()
    for shot in shots:
        waiting.append([pool.submit(encoder.encode, shot.start, shot.frame, shot.key) for encoder, pool in lanes])
        if len(waiting) > AHEAD:
            yield [future.result() for future in waiting.popleft()]
    while waiting:
        yield [future.result() for future in waiting.popleft()]
    ends = [pool.submit(encoder.finish, span.stop) for encoder, pool in lanes]
    yield [future.result() for future in ends]


class Groups:
    """Gathers the rungs' segments by number; a group is out when all have it."""

    def __init__(self, job: ChunkJob, inits: list[bytes], rate: float) -> None:
        self.numbers: list[int] = []
        self._job, self._inits, self._rate = job, inits, round(rate, 3)
        self._partial: dict[int, dict[int, bytes]] = {}

    def add(self, results: list[Segments]) -> Iterator[SegmentGroup]:
        for lane, segments in enumerate(results):
            for number, data in segments:
                self._partial.setdefault(number, {})[lane] = data
        for number in sorted(self._partial):
            if len(self._partial[number]) == len(self._inits):
                yield self._group(number, self._partial.pop(number))

    def _group(self, number: int, by_lane: dict[int, bytes]) -> SegmentGroup:
        first = not self.numbers
        self.numbers.append(number)
        coded = [self._coded(lane, number, data, first) for lane, data in sorted(by_lane.items())]
        return SegmentGroup(number=number, coded=coded)

    def _coded(self, lane: int, number: int, data: bytes, first: bool) -> Coded:
        made = coded(self._job.video_id, self._job.rungs[lane], self._rate, number, data, self._inits[lane])
        return made if first else made.without_init()
