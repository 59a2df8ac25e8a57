"""Make videos findable by their title and text.

In:      videos  (by video)
Into:    videos  (an OpenSearch document a video)
Replay:  safe: a document remembers the position it was written at
"""

from __future__ import annotations

from processors.library.created import created_at
from processors.library.tables import FOUND
from schemas.videos import VideoDeleted, VideoDescribed, VideoFailed, VideoPublished, VideoRejected
from streams.processor import view
from streams.tables import Write


@view(reads=[VideoDescribed, VideoPublished, VideoRejected, VideoFailed, VideoDeleted], into=FOUND)
def find_videos(event: VideoDescribed | VideoPublished | VideoRejected | VideoFailed | VideoDeleted) -> Write:
    """Only what is published and public is ever answered; the query sees to that."""
    video = event.video_id
    match event:
        case VideoDescribed():
            return FOUND.put(
                video_id=video,
                owner=event.owner,
                title=event.title,
                description=event.description,
                tags=list(event.tags),
                category=event.category or "",
                language=event.language or "",
                visibility=event.visibility,
                created_at=created_at(video),
            )
        case VideoPublished():
            return FOUND.put(video_id=video, state="published", duration_ms=event.duration_ms)
        case VideoRejected():
            return FOUND.put(video_id=video, state="rejected")
        case VideoFailed():
            return FOUND.put(video_id=video, state="failed")
        case VideoDeleted():
            return FOUND.put(video_id=video, deleted=True)
