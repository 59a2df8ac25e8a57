"""List the captions that an owner has uploaded, so that the gateway can hold them against the owner's quota.

In:      videos             (CaptionAdded, CaptionRemoved, VideoDeleted, by video)
Into:    captions_by_owner  (rows by owner)
Replay:  safe: cells are written, and rows cleared, in the order of the topic
"""

from __future__ import annotations

from processors.library.tables import CAPTIONS_BY_OWNER
from schemas.videos import CaptionAdded, CaptionRemoved, VideoDeleted
from streams.processor import view
from streams.tables import Write


@view(reads=[CaptionAdded, CaptionRemoved, VideoDeleted], into=CAPTIONS_BY_OWNER)
def list_captions_by_owner(event: CaptionAdded | CaptionRemoved | VideoDeleted) -> Write | None:
    """What came with a source was counted as a part of it."""
    match event:
        case CaptionAdded() if event.origin == "uploaded" and event.owner:
            return CAPTIONS_BY_OWNER.put(
                owner=event.owner, video_id=event.video_id, language=event.language, bytes=event.bytes
            )
        case CaptionRemoved() if event.owner:
            return CAPTIONS_BY_OWNER.clear(owner=event.owner, video_id=event.video_id, language=event.language)
        case VideoDeleted():
            return CAPTIONS_BY_OWNER.clear(owner=event.owner, video_id=event.video_id)
        case _:
            return None
