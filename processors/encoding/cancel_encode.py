"""Stop the encode of a deleted video.

In:      videos          (VideoDeleted, by video)
Out:     encode-reports  (CancelRequested, by video)
State:   none
Replay:  safe: a second request for the same video changes nothing
"""

from __future__ import annotations

from schemas.encode_reports import CancelRequested
from schemas.videos import VideoDeleted
from streams.processor import fold


@fold(reads=VideoDeleted, emits=CancelRequested)
def cancel_encode(deleted: VideoDeleted) -> list[CancelRequested]:
    """Forwarded into the topic of the fold that directs the encode."""
    return [CancelRequested(video_id=deleted.video_id)]
