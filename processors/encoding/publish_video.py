"""Say when a video can be played, when it is complete, what captions it came with, and when it can't be had.

Of an encode that is to take another's place it says so when that has happened, and nothing if it fails.

In:      encodes  (EncodeStarted, SegmentStored, RenditionFailed, EncodeCompleted, EncodeReplaced, TextsAdded,
                   EncodeFailed, by video)
Out:     videos   (VideoPlayable, VideoPublished, VideoFailed, CaptionAdded)
State:   which renditions still lack their first segment; dropped a week after the last event
Replay:  safe: accepted facts exist once
"""

from __future__ import annotations

import msgspec

from processors.media.tracks import implied
from schemas.encodes import (
    EncodeCompleted,
    EncodeFailed,
    EncodeReplaced,
    EncodeStarted,
    RenditionFailed,
    SegmentStored,
    Text,
    TextsAdded,
)
from schemas.videos import CaptionAdded, VideoFailed, VideoPlayable, VideoPublished
from streams.event import days
from streams.processor import State, Step, fold
from streams.reshape import reshape

Encoded = EncodeStarted | SegmentStored | RenditionFailed | EncodeCompleted | EncodeReplaced | TextsAdded | EncodeFailed


class Opening(State, frozen=True):
    """`lacking`: renditions whose first segment is not stored yet."""

    lacking: tuple[str, ...] = ()
    playable: bool = False


@fold(
    reads=[EncodeStarted, SegmentStored, RenditionFailed, EncodeCompleted, EncodeReplaced, TextsAdded, EncodeFailed],
    emits=[VideoPlayable, VideoPublished, VideoFailed, CaptionAdded],
    forget_after=days(7),
)
def publish_video(opening: Opening, event: Encoded) -> Step[Opening]:
    """Playable when all that grows together has its first segment: players that join then lack nothing later."""
    match event:
        case EncodeStarted() if event.replaces is None:
            return Step(Opening(lacking=_awaited(event)))
        case SegmentStored() if event.number == 0:
            return _without(opening, event)
        case RenditionFailed():
            return _without(opening, event)
        case EncodeCompleted() | EncodeReplaced():
            return Step(opening, [reshape(event, VideoPublished)])
        case TextsAdded():
            return Step(opening, [_caption(event.video_id, text) for text in event.texts])
        case EncodeFailed() if event.replaces is None:
            return Step(opening, [VideoFailed(video_id=event.video_id, code=event.code, reason=event.reason)])
        case _:
            return Step(opening)


def _without(opening: Opening, event: SegmentStored | RenditionFailed) -> Step[Opening]:
    """One rendition less to wait for: it has begun, or is given up. None waits for those of later passes."""
    if event.rendition not in opening.lacking:
        return Step(opening)
    lacking = tuple(name for name in opening.lacking if name != event.rendition)
    if lacking or opening.playable:
        return Step(msgspec.structs.replace(opening, lacking=lacking))
    return Step(Opening(playable=True), [VideoPlayable(video_id=event.video_id, encode_id=event.encode_id)])


def _caption(video_id: str, text: Text) -> CaptionAdded:
    """A text of the source, as captions of the video."""
    return reshape(text, CaptionAdded, video_id=video_id, origin="embedded", label="")


def _awaited(started: EncodeStarted) -> tuple[str, ...]:
    """The tracks that must begin together; older encodes imply theirs."""
    if started.tracks:
        return tuple(track.name for track in started.tracks if not track.later)
    return tuple(track.name for track in implied([rung.name for rung in started.rungs], started.audio))
