"""Count a video's views.

In:      view-counts  (ViewCounted, by video)
Into:    video_views  (a row a video and partition)
State:   the counts
Replay:  safe: a view is one event
"""

from __future__ import annotations

from processors.playback.tables import VIDEO_VIEWS
from schemas.view_counts import ViewCounted
from streams.tally import count, tally

total_views = tally(
    reads=ViewCounted,
    by=["video_id"],
    totals={"views": count()},
    into=VIDEO_VIEWS,
)
