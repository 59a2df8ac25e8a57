"""Show how far the encode is that is played, and whether another is to take its place.

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
    EncodeReplaced,
    EncodeStarted,
    LadderTrimmed,
    RenditionDropped,
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
    | EncodeReplaced
    | LadderTrimmed
    | TracksAdded
    | RenditionDropped
    | EncodeCancelled
    | EncodeFailed
)


@view(
    reads=[
        EncodeStarted,
        ThumbnailsMade,
        RenditionFailed,
        EncodeCompleted,
        EncodeReplaced,
        LadderTrimmed,
        TracksAdded,
        RenditionDropped,
        EncodeCancelled,
        EncodeFailed,
    ],
    into=ENCODES,
)
def show_encode(event: Shown, at: Moment) -> Write:
    """The counting of segments is left to `list_encoded_segments`' rows."""
    if getattr(event, "replaces", None) and not isinstance(event, EncodeReplaced):
        return _beside(event)
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
                counts={},
                added_counts={},
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
            return ENCODES.put(
                video_id=video,
                state="completed",
                duration_ms=event.duration_ms,
                counts=event.counts,
                completed_at=at.clock,
            )
        case EncodeReplaced():
            return _in_place(event, at)
        case TracksAdded():
            return ENCODES.put(video_id=video, added=list(event.tracks), added_counts=event.counts, added_at=at.clock)
        case RenditionDropped():
            return ENCODES.put(video_id=video, unplayed=list(event.dropped), unplayed_of=event.encode_id)
        case LadderTrimmed():
            return ENCODES.put(video_id=video, trimmed=list(event.dropped))
        case RenditionFailed():
            return ENCODES.put(video_id=video, dropped=list(event.dropped))
        case EncodeCancelled():
            return ENCODES.put(video_id=video, state="cancelled")
        case EncodeFailed():
            return ENCODES.put(video_id=video, state="failed", code=event.code, reason=event.reason)


def _beside(event: Shown) -> Write:
    """Of an encode that is to take the place of this one, so much that its workers know whether it is wanted."""
    if isinstance(event, EncodeFailed):
        return ENCODES.put(video_id=event.video_id, next_state="failed")
    if isinstance(event, EncodeStarted):
        return ENCODES.put(video_id=event.video_id, next_encode_id=event.encode_id, next_state="running")
    return ENCODES.put(video_id=event.video_id)


def _in_place(event: EncodeReplaced, at: Moment) -> Write:
    """From here on the other encode is what is played; its pictures are those of the first."""
    return ENCODES.put(
        video_id=event.video_id,
        encode_id=event.encode_id,
        state="completed",
        rungs=list(event.rungs),
        audio=event.audio,
        tracks=msgspec.json.encode(event.tracks).decode(),
        added=[track.name for track in event.tracks if track.later],
        added_at=at.clock,
        counts=event.counts,
        added_counts={},
        dropped=[],
        trimmed=[],
        duration_ms=event.duration_ms,
        completed_at=at.clock,
        next_encode_id="",
        next_state="",
    )
