"""List what a viewer has watched, newest first.

In:      watches         (VideoWatched, WatchesForgotten, by viewer)
Into:    recent_watches  (rows by viewer)
Replay:  safe: rows are written in the order of the topic; what comes after a WatchesForgotten is
         listed until the next (`processors/accounts/forget_again.py`)
"""

from __future__ import annotations

from processors.playback.tables import RECENT_WATCHES
from schemas.watches import VideoWatched, WatchesForgotten
from streams.processor import view
from streams.tables import Write


@view(reads=[VideoWatched, WatchesForgotten], into=RECENT_WATCHES)
def list_watches(event: VideoWatched | WatchesForgotten) -> Write:
    """A video that was watched twice is listed twice, each at its time."""
    match event:
        case VideoWatched():
            return RECENT_WATCHES.put(
                viewer_id=event.viewer_id,
                watched_at=event.occurred_at,
                video_id=event.video_id,
                session_id=event.session_id,
            )
        case WatchesForgotten():
            return RECENT_WATCHES.clear(viewer_id=event.viewer_id)
