"""Forward a view into what its viewer has watched.

In:      view-counts  (ViewCounted, by video)
Out:     watches      (VideoWatched, by viewer)
State:   none
Replay:  safe: the same view gives the same watch, with the same id
"""

from __future__ import annotations

from schemas.view_counts import ViewCounted
from schemas.watches import VideoWatched
from streams.event import natural_id
from streams.processor import fold


@fold(reads=ViewCounted, emits=VideoWatched)
def note_watch(counted: ViewCounted) -> list[VideoWatched]:
    """The same fact, keyed by who watched."""
    return [
        VideoWatched(
            event_id=natural_id("watch", counted.session_id),
            occurred_at=counted.occurred_at,
            viewer_id=counted.viewer_id,
            video_id=counted.video_id,
            session_id=counted.session_id,
        )
    ]
