"""Encode all rungs of a chunk side by side, a thread each."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import islice
from types import TracebackType

import av.error
from av.video.frame import VideoFrame

from processors.media.gops import Shot
from processors.media.limits import RungFailed
from processors.media.model import Rung
from processors.media.rendition import RungEncoder

BATCH, BATCH_PIXELS = 8, 8 * 1280 * 720  # the most frames that a lane is handed at once, and of large ones the most
AHEAD = 1  # batches that the decoder may be ahead of the slowest rung

Segments = list[tuple[int, bytes]]
Pictures = list[tuple[int, VideoFrame, bool]]


class Lanes:
    """A lane is an encoder and its thread: encoders free Python's lock.

    Frames go through in batches, so that a core stays with one rung while it has its data at hand, and each rung is
    scaled from the next larger one. Both together take a twentieth off the processor time, measured.
    """

    def __init__(self, encoders: Sequence[RungEncoder], begin: int) -> None:
        """`frames` will count the frames from tick `begin` on."""
        self._begin = begin
        self._stack = ExitStack()
        self._lanes = [(encoder, self._stack.enter_context(ThreadPoolExecutor(1))) for encoder in encoders]
        self._largest_first = sorted(range(len(encoders)), key=lambda lane: -encoders[lane].pixels)
        self._batch = max(1, min(BATCH, BATCH_PIXELS // max(encoder.pixels for encoder in encoders)))
        self.frames = 0

    def __enter__(self) -> Lanes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def encoded(self, shots: Iterator[Shot[VideoFrame]], stop: Callable[[], int]) -> Iterator[list[Segments]]:
        """Batch by batch, what each lane completed; `stop` tells, when the shots are through, where the last ends.

        Raises RungFailed, with the cause, where an encoder fails.
        """
        waiting: deque[list[Future[Segments]]] = deque()
        while batch := list(islice(shots, self._batch)):
            self.frames += sum(shot.start >= self._begin for shot in batch)
            lanes = zip(self._lanes, self._fitted(batch), strict=True)
            waiting.append([pool.submit(_encode, encoder, pictures) for (encoder, pool), pictures in lanes])
            if len(waiting) > AHEAD:
                yield self._results(waiting.popleft())
        while waiting:
            yield self._results(waiting.popleft())
        yield self._results([pool.submit(encoder.finish, stop()) for encoder, pool in self._lanes])

    def _fitted(self, batch: list[Shot[VideoFrame]]) -> list[Pictures]:
        """The batch in each lane's size."""
        fitted: list[Pictures] = [[] for _ in self._lanes]
        for shot in batch:
            picture = shot.frame
            for lane in self._largest_first:
                picture = self._lanes[lane][0].fitted(picture)
                fitted[lane].append((shot.start, picture, shot.key))
        return fitted

    def _results(self, futures: list[Future[Segments]]) -> list[Segments]:
        results: list[Segments] = []
        for future, (encoder, _) in zip(futures, self._lanes, strict=True):
            with blaming(encoder.rung):
                results.append(future.result())
        return results


@contextmanager
def blaming(rung: Rung) -> Generator[None]:
    """What fails within is the rung's encoder, not the source; memory is everybody's. Raises RungFailed."""
    try:
        yield
    except (MemoryError, av.error.MemoryError):
        raise
    except Exception as error:
        raise RungFailed(rung.name, str(error)) from error


def _encode(encoder: RungEncoder, pictures: Pictures) -> Segments:
    return [done for start, picture, key in pictures for done in encoder.encode(start, picture, key)]
