"""Count how many viewers have watched each two videos.

In:      co-watches  (WatchedTogether, by video)
Into:    co_watches  (rows by video: one each other video)
State:   the counts
Replay:  safe: a pair is in the topic once a viewer, and totals are absolute
"""

from __future__ import annotations

from processors.recommending.tables import CO_WATCHES
from schemas.co_watches import WatchedTogether
from streams.tally import count, tally

count_co_watches = tally(
    reads=WatchedTogether,
    by=["video_id", "with_video_id"],
    totals={"viewers": count()},
    into=CO_WATCHES,
)
