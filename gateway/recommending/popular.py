"""What trends and what is new: the same for everybody, so asked once in a while for all."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from gateway.finding.question import HIDDEN, SHOWN, trends
from gateway.measures import SOURCES_AWAY
from gateway.recommending.searching import Hit, search_each
from streams.sinks import SinkDown

log = logging.getLogger("playlog.gateway")
FRESH = 2.0  # seconds that one answer serves everybody
MOST = 60  # videos of either list
NEWEST: dict[str, Any] = {
    "query": {"bool": {"filter": SHOWN, "must_not": HIDDEN}}, "sort": [{"created_at": "desc"}, {"video_id": "desc"}],
    "size": MOST, "_source": False, "track_total_hits": False,
}  # fmt: skip


@dataclass(frozen=True)
class Shelf:
    """Video ids, the best first. Some may have been hidden since: who shows them looks again."""

    trending: tuple[str, ...] = ()
    newest: tuple[str, ...] = ()


@dataclass
class Popular:
    """Asks OpenSearch at most every two seconds; while it is away, what was known last stands."""

    search: httpx.AsyncClient
    index: str
    least: int  # distinct viewers of the last 24 h, for a video to trend
    _shelf: Shelf = field(default_factory=Shelf)
    _asked: float = -math.inf
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def shelf(self) -> Shelf:
        async with self._lock:
            if time.monotonic() - self._asked >= FRESH:
                await self._ask()
                self._asked = time.monotonic()
        return self._shelf

    async def _ask(self) -> None:
        trending = trends("24h", time.time_ns() // 1_000_000, self.least, MOST)
        try:
            trend_hits, new_hits = await search_each(self.search, self.index, [trending, NEWEST])
        except SinkDown as error:
            log.warning("what trends and what is new may be old: %s", error)
            SOURCES_AWAY.labels("popular").inc()
            return
        self._shelf = Shelf(_ids(trend_hits), _ids(new_hits))


def _ids(hits: list[Hit]) -> tuple[str, ...]:
    return tuple(hit["_id"] for hit in hits)
