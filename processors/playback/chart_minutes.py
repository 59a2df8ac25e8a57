"""Sum what was watched by video and minute: the line that moves while people watch.

In:      playback           (PlaybackBeacon, by session)
Into:    watched_by_minute  (a row a video, minute and partition; a day's minutes together)
State:   the sums, and which beacons each session has sent; those are dropped eight hours after its last
Replay:  safe: a beacon that comes again adds nothing, and their order does not matter
"""

from __future__ import annotations

from processors.playback.enough import REMEMBERED
from processors.playback.tables import WATCHED_BY_MINUTE
from schemas.playback import PlaybackBeacon
from streams.tally import col, count, day, minute, tally

chart_minutes = tally(
    reads=PlaybackBeacon,
    once_by=["session_id", "sequence"],
    by=["video_id", day("occurred_at"), minute("occurred_at")],
    totals={"watched_ms": col("advanced_ms").sum(), "beacons": count()},
    into=WATCHED_BY_MINUTE,
    forget_after=REMEMBERED,
)
