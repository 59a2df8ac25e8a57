"""What can be asked about playback: one table a query. Hours, minutes and days are the bucket's start, ms since 1970.

Tallies keep a row a partition of their topic; who reads them sums over partitions.
"""

from __future__ import annotations

from streams.tables import Table

VIDEO_VIEWS = Table(
    "video_views",
    key={"video_id": "text"},
    rows={"partition": "int"},
    columns={"views": "bigint"},
)

VIEWS_BY_HOUR = Table(
    "views_by_hour",
    key={"video_id": "text"},
    rows={"hour": "bigint", "partition": "int"},
    columns={"views": "bigint"},
)

WATCHED_BY_HOUR = Table(
    "watched_by_hour",
    key={"video_id": "text"},
    rows={"hour": "bigint", "partition": "int"},
    columns={"watched_ms": "bigint", "stalled_ms": "bigint", "beacons": "bigint"},
)

WATCHED_BY_MINUTE = Table(
    "watched_by_minute",
    key={"video_id": "text", "day": "bigint"},
    rows={"minute": "bigint", "partition": "int"},
    columns={"watched_ms": "bigint", "beacons": "bigint"},
)

RECENT_WATCHES = Table(
    "recent_watches",
    key={"viewer_id": "text"},
    rows={"watched_at": "bigint", "video_id": "text"},
    columns={"session_id": "text"},
    newest_first=True,
)
