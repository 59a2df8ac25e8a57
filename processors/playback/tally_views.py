"""Count views by video and hour.

In:      view-counts    (ViewCounted, by video)
Into:    views_by_hour  (a row a video, hour and partition)
State:   the counts
Replay:  safe: a view is one event, and its time is when its session began
"""

from __future__ import annotations

from processors.playback.tables import VIEWS_BY_HOUR
from schemas.view_counts import ViewCounted
from streams.tally import count, hour, tally

tally_views = tally(
    reads=ViewCounted,
    by=["video_id", hour("occurred_at")],
    totals={"views": count()},
    into=VIEWS_BY_HOUR,
)
