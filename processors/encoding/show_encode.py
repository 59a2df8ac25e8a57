"""Show how far an encode is.

In:      encodes  (by video)
Into:    encodes  (a row a video)
Replay:  safe: cells are written in the order of the topic
"""

from __future__ import annotations

import msgspec

from processors.encoding.tables import ENCODES
from schemas.encodes import (
    EncodeCancelled,
    EncodeCompleted,
    EncodeFailed,
    EncodeStarted,
    LadderTrimmed,
    RenditionFailed,
    ThumbnailsMade,
    TracksAdded,
)
from streams.processor import Moment, view
from streams.tables import Write

Shown = (
    EncodeStarted
    | ThumbnailsMade
    | RenditionFailed
    | EncodeCompleted
    | LadderTrimmed
    | TracksAdded
    | EncodeCancelled
    | EncodeFailed
)


@view(
    reads=[
        EncodeStarted,
        ThumbnailsMade,
        RenditionFailed,
        EncodeCompleted,
        LadderTrimmed,
        TracksAdded,
        EncodeCancelled,
        EncodeFailed,
    ],
    into=ENCODES,
)
def show_encode(event: Shown, at: Moment) -> Write:
    """The counting of segments is left to `list_segments`' rows."""
    video = event.video_id
    match event:
        case EncodeStarted():
            return ENCODES.put(
                video_id=video,
                encode_id=event.encode_id,
                state="running",
                rungs=[rung.name for rung in event.rungs],
                audio=event.audio,
                tracks=msgspec.json.encode(event.tracks).decode(),
                added=[],
                dropped=[],
                trimmed=[],
                segments_planned=event.segments_planned,
                duration_ms=event.duration_ms,
                started_at=at.clock,
            )
        case ThumbnailsMade():
            return ENCODES.put(
                video_id=video,
                poster_key=event.poster_key,
                poster_width=event.width,
                poster_height=event.height,
                thumbnails=msgspec.json.encode(event.thumbnails).decode(),
                storyboard_key=event.storyboard_key or "",
                preview_key=event.preview_key or "",
            )
        case EncodeCompleted():
            return ENCODES.put(video_id=video, state="completed", duration_ms=event.duration_ms, completed_at=at.clock)
        case TracksAdded():
            return ENCODES.put(video_id=video, added=list(event.tracks), added_at=at.clock)
        case LadderTrimmed():
            return ENCODES.put(video_id=video, trimmed=list(event.dropped))
        case RenditionFailed():
            return ENCODES.put(video_id=video, dropped=list(event.dropped))
        case EncodeCancelled():
            return ENCODES.put(video_id=video, state="cancelled")
        case EncodeFailed():
            return ENCODES.put(video_id=video, state="failed", code=event.code, reason=event.reason)
