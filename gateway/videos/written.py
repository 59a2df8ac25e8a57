"""Where this gateway has last changed a video: a change is made on top of the one before."""

from __future__ import annotations

from collections import OrderedDict

from streams.positions import Position

MOST = 10_000


class Written:
    """Positions by video, of the most recently changed ones."""

    def __init__(self) -> None:
        self._last: OrderedDict[str, Position] = OrderedDict()

    def put(self, video_id: str, position: Position) -> None:
        self._last[video_id] = position
        self._last.move_to_end(video_id)
        while len(self._last) > MOST:
            self._last.popitem(last=False)

    def get(self, video_id: str) -> Position | None:
        return self._last.get(video_id)
