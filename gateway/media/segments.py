"""The stored segments of a video, read from their table at most once a second however many players ask."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from gateway.captions.shown import captions_of, version_of
from gateway.measures import RENDERED
from gateway.media.listing import NONE, Listing, listing, segment, tracks_of
from gateway.reads import CAPTIONS, ENCODES, SEGMENTS, VIDEOS
from processors.media.model import Segment
from streams.rows import Rows

GROWING = 1.0  # seconds that a list is good for while segments are added
COMPLETE = 5.0  # while more tracks are made
SETTLED = 60.0
MOST_KEPT = 100_000  # segments, of all videos; about a kilobyte each
MOST_SEGMENTS = 200_000
MOST_CAPTIONS = 1_000


@dataclass
class _Kept:
    listing: Listing
    until: float
    since: float

    def serves(self, version: str) -> bool:
        fresh = self.since > time.monotonic() - GROWING
        return fresh or not version or version_of(self.listing.presentation.texts) == version


class Segments:
    """Lists by video. A list holds only what `SegmentStored` has said, so all of it is in the store."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._reading: dict[str, asyncio.Task[Listing]] = {}

    async def of(self, video_id: str, version: str = "") -> Listing:
        """The video's list, at most a second old while it grows; one read serves all who ask meanwhile.

        A list with texts of another `version` than is asked for is at most a second old, too.
        """
        kept = self._kept.get(video_id)
        if kept and kept.until > time.monotonic() and kept.serves(version):
            self._kept.move_to_end(video_id)
            return kept.listing
        if video_id not in self._reading:
            self._reading[video_id] = asyncio.create_task(self._read(video_id))
            self._reading[video_id].add_done_callback(lambda _: self._reading.pop(video_id, None))
        return await asyncio.shield(self._reading[video_id])

    async def _read(self, video_id: str) -> Listing:
        encode = await self._rows.get(ENCODES, video_id=video_id)
        video = await self._rows.get(VIDEOS, video_id=video_id)
        if encode:
            texts = captions_of(await self._rows.list(CAPTIONS, limit=MOST_CAPTIONS, video_id=video_id))
            found = listing(encode, video, await self._stored(video_id, encode), time.time()).with_texts(texts)
        else:
            found = replace(NONE, deleted=bool((video or {}).get("deleted")))
        RENDERED.inc()
        lasts = SETTLED if found.settled else COMPLETE if found.complete else GROWING
        self._keep(video_id, _Kept(found, time.monotonic() + lasts, time.monotonic()))
        return found

    async def _stored(self, video_id: str, encode: Mapping[str, Any]) -> list[Segment]:
        """What is known of each rendition, and what has been added behind it: a long film is not read anew."""
        kept = self._kept.get(video_id)
        known = kept.listing if kept and kept.listing.encode_id == encode["encode_id"] else NONE
        names = [track.name for track in tracks_of(encode)]
        reads = (self._behind(video_id, encode["encode_id"], name, known.unbroken(name)) for name in names)
        return [segment for rendition in await asyncio.gather(*reads) for segment in rendition]

    async def _behind(self, video_id: str, encode_id: str, name: str, known: list[Segment]) -> list[Segment]:
        key = {"video_id": video_id, "encode_id": encode_id, "rendition": name}
        rows = await self._rows.list(SEGMENTS, after={"number": len(known) - 1}, limit=MOST_SEGMENTS, **key)
        return [*known, *map(segment, rows)]

    def _keep(self, video_id: str, kept: _Kept) -> None:
        self._kept[video_id] = kept
        self._kept.move_to_end(video_id)
        while len(self._kept) > 1 and sum(one.listing.stored for one in self._kept.values()) > MOST_KEPT:
            self._kept.popitem(last=False)
