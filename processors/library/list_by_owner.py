"""List an owner's videos, newest first.

In:      videos           (VideoDescribed, VideoDeleted, by video)
Into:    videos_by_owner  (rows by owner)
Replay:  safe: cells are written in the order of the topic
"""

from __future__ import annotations

from processors.library.tables import VIDEOS_BY_OWNER
from schemas.videos import VideoDeleted, VideoDescribed
from streams.event import made_at
from streams.processor import view
from streams.tables import Write


@view(reads=[VideoDescribed, VideoDeleted], into=VIDEOS_BY_OWNER)
def list_by_owner(event: VideoDescribed | VideoDeleted) -> Write:
    """A deleted video keeps its row, marked and without its title: a late description must not bring it back."""
    row = {"owner": event.owner, "created_at": made_at(event.video_id), "video_id": event.video_id}
    match event:
        case VideoDescribed():
            return VIDEOS_BY_OWNER.put(**row, title=event.title)
        case VideoDeleted():
            return VIDEOS_BY_OWNER.put(**row, title="", deleted=True)
