"""Encode one chunk: one decode, all rungs together, segments as soon as every rung has them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import BinaryIO

import av.error
from av.video.frame import VideoFrame

from processors.media.colour import rendition_colour
from processors.media.gops import Shot, Span
from processors.media.jobs import ChunkJob
from processors.media.limits import RungFailed
from processors.media.made import ChunkDone, Coded, SegmentGroup, coded
from processors.media.rendition import RungEncoder
from processors.media.shots import decoded_shots

AHEAD = 6  # frames that the decoder may be ahead of the slowest rung

Lane = tuple[RungEncoder, ThreadPoolExecutor]
Segments = list[tuple[int, bytes]]


def encode_chunk(file: BinaryIO, job: ChunkJob) -> Iterator[SegmentGroup | ChunkDone]:
    """The chunk's segments, number by number, all rungs of a number at once; then the account.

    Frames that can't be decoded are left out, the ones before them stay. Raises Unplayable when the source can't
    be opened.
    """
    with decoded_shots(file, job) as decoded, ExitStack() as stack:
        colour = rendition_colour(job.video)
        lanes: list[Lane] = [
            (RungEncoder(rung, decoded.clock.base, decoded.rate, colour), stack.enter_context(ThreadPoolExecutor(1)))
            for rung in job.rungs
        ]
        groups = Groups(job, [encoder.init for encoder, _ in lanes], float(decoded.rate))
        frames = 0
        for results in _encoded(decoded.shots, decoded.span, lanes):
            frames += 1
            yield from groups.add(results)
        yield ChunkDone(
            frames=frames - 1,
            concealed=decoded.concealed.packets,
            end_ms=decoded.clock.milliseconds(decoded.span.stop),
            exhausted=decoded.span.exhausted,
            numbers=groups.numbers,
        )


def _encoded(shots: Iterable[Shot[VideoFrame]], span: Span[VideoFrame], lanes: list[Lane]) -> Iterator[list[Segments]]:
    """For each shot, and once more for the end, what each lane completed. A lane is a thread: x264 frees the lock."""
    waiting: deque[list[Future[Segments]]] = deque()
    for shot in shots:
        waiting.append([pool.submit(encoder.encode, shot.start, shot.frame, shot.key) for encoder, pool in lanes])
        if len(waiting) > AHEAD:
            yield _results(waiting.popleft(), lanes)
    while waiting:
        yield _results(waiting.popleft(), lanes)
    yield _results([pool.submit(encoder.finish, span.stop) for encoder, pool in lanes], lanes)


def _results(futures: list[Future[Segments]], lanes: list[Lane]) -> list[Segments]:
    """What each lane completed. Raises RungFailed, with the cause, where an encoder did not."""
    results: list[Segments] = []
    for future, (encoder, _) in zip(futures, lanes, strict=True):
        try:
            results.append(future.result())
        except (MemoryError, av.error.MemoryError):
            raise
        except Exception as error:
            raise RungFailed(encoder.rung.name, str(error)) from error
    return results


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
