"""Decide which frames a chunk holds and where its key frames fall. Pure: it never looks at a frame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, NamedTuple, TypeVar

Frame = TypeVar("Frame")

GRACE_MS = 100  # a key frame this late is as good as on time; later, the frame before it is shown again


class Shot(NamedTuple, Generic[Frame]):
    """A frame to encode at tick `start`; `key` opens a group of pictures."""

    start: int
    frame: Frame
    key: bool


class Span(Generic[Frame]):
    """The shots of one chunk: frames that start in [start, end), and a key frame for every GOP boundary.

    Where the source has no frame near a boundary (slide shows, gaps), the one before it is repeated there, so that
    every segment exists on every rung. The neighbouring chunk sees the same frames and decides alike: no frame is
    lost or doubled over a seam.

    `boundaries` are the ticks of the chunk's GOP starts from its start on, endlessly. After the iteration `stop`
    is the tick where the last shot ends and `exhausted` tells whether the source ended here.
    """

    def __init__(self, boundaries: Iterable[int], grace: int, end: int | None) -> None:
        self._boundaries = iter(boundaries)
        self._start = self._next = next(self._boundaries)
        self._grace = grace
        self._end = end
        self.stop = self._start
        self.exhausted = False

    def shots(self, frames: Iterable[tuple[int, int, Frame]]) -> Iterator[Shot[Frame]]:
        """`frames` are (start, duration, frame) in order, from one at or before the chunk's start, if there is one."""
        held: Frame | None = None
        ends = self._start
        for start, duration, frame in frames:
            ends = start + duration
            if start >= self._start:
                yield from self._repeated(frame if held is None else held, start)
                if self._end is not None and start >= self._end:
                    self.stop = self._end if start > self._end + self._grace else start
                    return
                yield self._shot(start, frame)
            held = frame
        self.exhausted = True
        self.stop = max(self._start, ends if self._end is None else min(ends, self._end))
        if held is not None:
            yield from self._repeated(held, self.stop)

    def _repeated(self, frame: Frame, until: int) -> Iterator[Shot[Frame]]:
        """`frame` at every boundary that passes too long before `until`; at 0 even a short wait is filled."""
        while self._next + (self._grace if self._next else 0) < until:
            if self._end is not None and self._next >= self._end:
                return
            yield Shot(self._next, frame, True)
            self._next = next(self._boundaries)

    def _shot(self, start: int, frame: Frame) -> Shot[Frame]:
        key = start >= self._next
        while start >= self._next:
            self._next = next(self._boundaries)
        return Shot(start, frame, key)
