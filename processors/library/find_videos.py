"""Make videos findable: by their words, and by how they trend.

In:      videos, trends  (by video)
Into:    videos          (an OpenSearch document a video; each topic writes fields of its own)
Replay:  safe: a document remembers the position each field was written at
"""

from __future__ import annotations

from processors.library.found import FOUND
from schemas.trends import TrendScored
from schemas.videos import VideoDeleted, VideoDescribed, VideoFailed, VideoPublished, VideoRejected
from streams.event import made_at
from streams.processor import view
from streams.tables import Write

Findable = VideoDescribed | VideoPublished | VideoRejected | VideoFailed | VideoDeleted | TrendScored


@view(reads=[VideoDescribed, VideoPublished, VideoRejected, VideoFailed, VideoDeleted, TrendScored], into=FOUND)
def find_videos(event: Findable) -> Write:
    """Only what is published and public is ever answered; the query sees to that. A deleted video's words go."""
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
                created_at=made_at(video),
            )
        case VideoPublished():
            return FOUND.put(video_id=video, state="published", duration_ms=event.duration_ms)
        case VideoRejected():
            return FOUND.put(video_id=video, state="rejected")
        case VideoFailed():
            return FOUND.put(video_id=video, state="failed")
        case VideoDeleted():
            return FOUND.put(video_id=video, deleted=True, title="", description="", tags=[], category="", language="")
        case TrendScored():
            return FOUND.put(
                video_id=video,
                hour_log=event.hour_log,
                day_log=event.day_log,
                viewers_log=event.viewers_log,
                viewers_at=list(event.viewers_at),
                popularity=event.votes.bit_length(),
            )
