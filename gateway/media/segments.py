"""The stored segments of a video, read from their table at most once a second however many players ask."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.measures import RENDERED
from gateway.media.listing import NONE, Listing, listing
from gateway.reads import ENCODES, SEGMENTS, VIDEOS
from streams.rows import Rows

GROWING = 1.0  # seconds that a list is good for while segments are added
COMPLETE = 60.0
MOST_VIDEOS = 200
MOST_SEGMENTS = 200_000


@dataclass
class _Kept:
    listing: Listing
    until: float


class Segments:
    """Lists by video. A list holds only what `SegmentStored` has said, so all of it is in the store."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._reading: dict[str, asyncio.Task[Listing]] = {}

    async def of(self, video_id: str) -> Listing:
        """The video's list, at most a second old while it grows; one read serves all who ask meanwhile."""
        kept = self._kept.get(video_id)
        if kept and kept.until > time.monotonic():
            self._kept.move_to_end(video_id)
            return kept.listing
        if video_id not in self._reading:
            self._reading[video_id] = asyncio.create_task(self._read(video_id))
            self._reading[video_id].add_done_callback(lambda _: self._reading.pop(video_id, None))
        return await asyncio.shield(self._reading[video_id])

    async def _read(self, video_id: str) -> Listing:
        encode = await self._rows.get(ENCODES, video_id=video_id)
        video = await self._rows.get(VIDEOS, video_id=video_id)
        found = listing(encode, video, await self._rows_of(video_id), time.time()) if encode else NONE
        RENDERED.inc()
        self._kept[video_id] = _Kept(found, time.monotonic() + (COMPLETE if found.complete else GROWING))
        self._kept.move_to_end(video_id)
        while len(self._kept) > MOST_VIDEOS:
            self._kept.popitem(last=False)
        return found

    async def _rows_of(self, video_id: str) -> list[Mapping[str, Any]]:
        return [*await self._rows.list(SEGMENTS, limit=MOST_SEGMENTS, video_id=video_id)]
