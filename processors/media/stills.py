"""The frames shown at many times of a video, each exact, at a bounded cost."""

from __future__ import annotations

from collections.abc import Iterator

from av.container import InputContainer
from av.video.stream import VideoStream as DecodedStream

from processors.media.frames import Concealed, Timed, decoded_from
from processors.media.source import Clock

NEAR_S = 2  # a time so close behind the last one is decoded to, whatever the index says
MOST_PIXELS = 40_000_000_000  # that are decoded: 43,000 frames of 720p, 4,800 of 2160p; a minute or two


class Stills:
    """Any frame, not key frames only: found through the index, decoded from the key frame before it.

    Times are asked for in ascending order. A key frame is never decoded twice where the container has an index;
    where it has none, the first seek that leads back behind what was decoded is the last one.
    """

    def __init__(self, container: InputContainer, stream: DecodedStream, clock: Clock) -> None:
        self._container, self._stream, self._clock = container, stream, clock
        self._frames: Iterator[Timed] = iter(())
        self._shown: Timed | None = None
        self._next: Timed | None = None
        self._at = -1  # the latest tick that was decoded
        self._seeks = True
        self._pixels = MOST_PIXELS

    def at(self, wanted: int) -> Timed | None:
        """The frame shown at tick `wanted`; the last one for times behind it. None when all is spent, or broken."""
        if self._at < 0 or self._worth_a_seek(wanted):
            self._seek(wanted)
        while self._next is not None and (self._shown is None or self._next.start <= wanted):
            if self._pixels < 0:
                return None
            self._shown = self._next
            self._step()
        return self._shown

    def _worth_a_seek(self, wanted: int) -> bool:
        if not self._seeks or (wanted - self._at) * self._clock.base < NEAR_S:
            return False
        index = self._stream.index_entries
        if not len(index):
            return True
        found = index.search_timestamp(self._clock.pts(wanted), backward=True, any_frame=False)
        return found < 0 or self._clock.ticks(index[found].timestamp) > self._at

    def _seek(self, wanted: int) -> None:
        behind = self._at
        self._frames = decoded_from(self._container, self._stream, self._clock, wanted, Concealed())
        self._shown = None
        self._step()
        self._seeks = self._next is not None and self._next.start > behind

    def _step(self) -> None:
        self._next = next(self._frames, None)
        if self._next is not None:
            self._at = self._next.start
            self._pixels -= self._next.frame.width * self._next.frame.height
