"""How often and how long a video was watched: the tallies' totals, added up over partitions as they are read."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from gateway.reads import VIEW_TOTALS, VIEWS_BY_HOUR, WATCHED_BY_HOUR, WATCHED_BY_MINUTE
from gateway.services import Services
from streams.event import days
from streams.tables import Table

ALL = 1_000_000  # rows of one read; a video has a few an hour
LAST_PARTITION = (1 << 31) - 1


async def views_of(services: Services, video_id: str) -> int:
    """How often it has been watched."""
    return (await services.rows.sums(VIEW_TOTALS, ["views"], video_id=video_id))["views"]


async def views_of_all(services: Services, video_ids: Iterable[str]) -> dict[str, int]:
    """The views of several videos, by id."""
    wanted = list(dict.fromkeys(video_ids))
    found = await asyncio.gather(*(views_of(services, video_id) for video_id in wanted))
    return dict(zip(wanted, found, strict=True))


async def watched(services: Services, video_id: str) -> dict[str, int]:
    """`watched_ms` and `stalled_ms` since the video was made."""
    return await services.rows.sums(WATCHED_BY_HOUR, ["watched_ms", "stalled_ms"], video_id=video_id)


async def views_by_hour(services: Services, video_id: str, since: int) -> dict[int, int]:
    """Views by the hour (ms since 1970) in which their sessions began."""
    return await _by(services, VIEWS_BY_HOUR, "hour", "views", since, video_id=video_id)


async def watched_by_hour(services: Services, video_id: str, since: int) -> dict[int, int]:
    """Milliseconds watched by hour."""
    return await _by(services, WATCHED_BY_HOUR, "hour", "watched_ms", since, video_id=video_id)


async def watched_by_minute(services: Services, video_id: str, since: int, until: int) -> dict[int, int]:
    """Milliseconds watched by minute; `until` is at most a day after `since`."""
    wanted = sorted({at // days(1) * days(1) for at in (since, until)})
    read = (_by(services, WATCHED_BY_MINUTE, "minute", "watched_ms", since, video_id=video_id, day=d) for d in wanted)
    return {at: watched for part in await asyncio.gather(*read) for at, watched in part.items()}


async def _by(services: Services, table: Table, bucket: str, total: str, since: int, **key: Any) -> dict[int, int]:
    after = {bucket: since - 1, "partition": LAST_PARTITION}
    return added(await services.rows.list(table, after=after, limit=ALL, **key), bucket, total)


def added(rows: Iterable[Mapping[str, Any]], bucket: str, total: str) -> dict[Any, int]:
    """The sum of the column `total` over partitions, by what the column `bucket` holds."""
    sums: dict[Any, int] = {}
    for row in rows:
        sums[row[bucket]] = sums.get(row[bucket], 0) + (row[total] or 0)
    return sums
