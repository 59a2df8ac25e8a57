"""Keep everything that ever happened to a video, in the order it was logged.

In:      uploads, videos, encodes, edge-actions, storage-actions  (by video)
Into:    timeline                                                 (a row an event; what people wrote stays in the log)
Replay:  safe: a row is named by its event's position
"""

from __future__ import annotations

import msgspec

from processors.library.tables import TIMELINE
from schemas import edge_actions, encodes, storage_actions, uploads, videos
from streams.event import Event
from streams.processor import Moment, view
from streams.tables import Write

EVENTS: list[type[Event]] = [
    uploads.UploadStarted,
    uploads.PartStored,
    uploads.CompletionRequested,
    uploads.CompletionRefused,
    uploads.UploadCompleted,
    uploads.UploadAborted,
    uploads.UploadExpired,
    videos.VideoDescribed,
    videos.VideoProbed,
    videos.SourceConfirmed,
    videos.VideoRejected,
    videos.VideoPlayable,
    videos.VideoPublished,
    videos.VideoFailed,
    videos.VideoDeleted,
    videos.CaptionAdded,
    videos.CaptionRemoved,
    videos.ReencodeRequested,
    videos.ReencodeRefused,
    videos.SourceArchived,
    videos.SourceRestored,
    encodes.EncodeStarted,
    encodes.SegmentStored,
    encodes.RenditionCompleted,
    encodes.RenditionFailed,
    encodes.LadderTrimmed,
    encodes.TracksAdded,
    encodes.ThumbnailsMade,
    encodes.EncodeCompleted,
    encodes.EncodeReplaced,
    encodes.EncodeCancelled,
    encodes.EncodeFailed,
    encodes.RenditionDropped,
    encodes.SegmentsDiscarded,
    edge_actions.EdgeWarmed,
    storage_actions.ObjectsRemoved,
]


WORDS = (
    "title",
    "description",
    "tags",
    "category",
    "language",
    "label",
    "filename",
    "chapters",
)  # they go when a video is deleted


@view(reads=EVENTS, into=TIMELINE)
def show_timeline(event: Event, at: Moment) -> Write:
    """Rows are told apart by topic, so the topics never write one cell."""
    return TIMELINE.put(
        video_id=event.partition_key,
        at=at.clock,
        topic=at.topic,
        partition=at.partition,
        offset=at.offset,
        type=type(event).__name__,
        event_id=event.event_id,
        causation_id=at.causation_id,
        body=_body(event),
    )


def _body(event: Event) -> str:
    fields = msgspec.to_builtins(event)
    return msgspec.json.encode({name: value for name, value in fields.items() if name not in WORDS}).decode()
