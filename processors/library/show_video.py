"""Show a video: what it is and what became of it.

In:      videos  (by video)
Into:    videos  (a row a video)
Replay:  safe: cells are written in the order of the topic
"""

from __future__ import annotations

import msgspec

from processors.library.tables import VIDEOS
from schemas.videos import (
    VideoDeleted,
    VideoDescribed,
    VideoFailed,
    VideoPlayable,
    VideoProbed,
    VideoPublished,
    VideoRejected,
)
from streams.event import made_at
from streams.processor import Moment, view
from streams.tables import Write

Shown = VideoDescribed | VideoProbed | VideoRejected | VideoPlayable | VideoPublished | VideoFailed | VideoDeleted


@view(
    reads=[
        VideoDescribed,
        VideoProbed,
        VideoRejected,
        VideoPlayable,
        VideoPublished,
        VideoFailed,
        VideoDeleted,
    ],
    into=VIDEOS,
)
def show_video(event: Shown, at: Moment) -> Write:
    """What the upload and the encode add is in rows of their own: two topics never write one cell.

    What was said about a video goes when it is deleted.
    """
    video = event.video_id
    match event:
        case VideoDescribed():
            return VIDEOS.put(
                video_id=video,
                owner=event.owner,
                title=event.title,
                description=event.description,
                tags=list(event.tags),
                category=event.category or "",
                language=event.language or "",
                visibility=event.visibility,
                poster_at_ms=-1 if event.poster_at_ms is None else event.poster_at_ms,
                created_at=made_at(video),
            )
        case VideoProbed():
            picture = event.video
            return VIDEOS.put(
                video_id=video,
                state_videos="probed",
                playable=False,
                duration_ms=event.duration_ms,
                width=picture and picture.display_width,
                height=picture and picture.display_height,
                frame_rate=picture and picture.frame_rate,
                chapters=msgspec.json.encode(event.chapters).decode(),
            )
        case VideoPlayable():
            return VIDEOS.put(video_id=video, state_videos="playable", playable=True, code="", reason="")
        case VideoPublished():
            return VIDEOS.put(
                video_id=video,
                state_videos="published",
                duration_ms=event.duration_ms,
                published_at=at.clock if event.replaces is None else None,
                concealed=event.concealed,
            )
        case VideoRejected():
            return VIDEOS.put(video_id=video, state_videos="rejected", code=event.code, reason=event.reason)
        case VideoFailed():
            return VIDEOS.put(video_id=video, state_videos="failed", code=event.code, reason=event.reason)
        case VideoDeleted():
            return VIDEOS.put(
                video_id=video, deleted=True, title="", description="", tags=[], category="", language="", chapters=""
            )
