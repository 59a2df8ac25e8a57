"""Sum what was watched and waited for, by video and hour.

In:      playback         (PlaybackBeacon, by session)
Into:    watched_by_hour  (a row a video, hour and partition)
State:   the sums, and which beacons each session has sent; those are dropped eight hours after its last
Replay:  safe: a beacon that comes again adds nothing, and their order does not matter
"""

from __future__ import annotations

from processors.playback.enough import REMEMBERED
from processors.playback.tables import WATCHED_BY_HOUR
from schemas.playback import PlaybackBeacon
from streams.tally import col, count, hour, tally

tally_minutes = tally(
    reads=PlaybackBeacon,
    once_by=["session_id", "sequence"],
    by=["video_id", hour("occurred_at")],
    totals={
        "watched_ms": col("advanced_ms").sum(),
        "stalled_ms": col("stalled_ms").sum(),
        "beacons": count(),
    },
    into=WATCHED_BY_HOUR,
    forget_after=REMEMBERED,
)
