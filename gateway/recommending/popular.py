"""What trends and what is new: the same for everybody, so asked once in a while for all."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from gateway.measures import SOURCES_AWAY
from gateway.recommending.searching import HIDDEN, SHOWN, Hit, search_each
from streams.sinks import SinkDown

log = logging.getLogger("playlog.gateway")
FRESH = 2.0  # seconds that one answer serves everybody
MOST = 60  # videos of either list


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
    _shelf: Shelf = field(default_factory=Shelf)
    _asked: float = -FRESH
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def shelf(self) -> Shelf:
        async with self._lock:
            if time.monotonic() - self._asked >= FRESH:
                await self._ask()
                self._asked = time.monotonic()
        return self._shelf

    async def _ask(self) -> None:
        try:
            trending, newest = await search_each(self.search, self.index, [_sorted("day_log"), _sorted("created_at")])
        except SinkDown as error:
            log.warning("what trends and what is new may be old: %s", error)
            SOURCES_AWAY.labels("popular").inc()
            return
        self._shelf = Shelf(_ids(trending), _ids(newest))


def _sorted(by: str) -> dict[str, Any]:
    """Forward-decay scores compare as they stand, so the order by `day_log` is the order of this moment."""
    shown = {"filter": [*SHOWN, {"exists": {"field": by}}], "must_not": HIDDEN}
    return {"query": {"bool": shown}, "sort": [{by: "desc"}, {"video_id": "desc"}], "size": MOST, "_source": False}


def _ids(hits: list[Hit]) -> tuple[str, ...]:
    return tuple(hit["_id"] for hit in hits)
