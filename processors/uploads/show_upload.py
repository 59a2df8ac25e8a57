"""Show an upload: what was announced, which parts are reported, how it ended.

In:      uploads  (by video)
Into:    uploads, upload_parts  (rows by video)
Replay:  safe: cells are written in the order of the topic
"""

from __future__ import annotations

from processors.uploads.tables import PARTS, UPLOADS
from schemas.uploads import (
    CompletionRefused,
    CompletionRequested,
    PartStored,
    UploadAborted,
    UploadCompleted,
    UploadExpired,
    UploadStarted,
)
from streams.processor import Moment, view
from streams.tables import Write

Shown = (
    UploadStarted
    | PartStored
    | CompletionRequested
    | CompletionRefused
    | UploadCompleted
    | UploadAborted
    | UploadExpired
)


@view(
    reads=[
        UploadStarted,
        PartStored,
        CompletionRequested,
        CompletionRefused,
        UploadCompleted,
        UploadAborted,
        UploadExpired,
    ],
    into=[UPLOADS, PARTS],
)
def show_upload(event: Shown, at: Moment) -> Write:
    """A row an upload, a row a part."""
    video = event.video_id
    match event:
        case UploadStarted():
            return UPLOADS.put(
                video_id=video,
                owner=event.owner,
                filename=event.filename,
                size=event.size,
                kind=event.kind,
                content_type=event.content_type,
                store_key=event.store_key,
                store_upload_id=event.store_upload_id,
                part_size=event.part_size,
                part_count=event.part_count,
                expires_at=event.expires_at,
                created_at=at.clock,
                state="open",
            )
        case PartStored():
            return PARTS.put(video_id=video, number=event.number, etag=event.etag, size=event.size)
        case CompletionRequested():
            return UPLOADS.put(video_id=video, completion_requested_at=at.clock)
        case CompletionRefused():
            return UPLOADS.put(video_id=video, refused_at=at.clock, code=event.code, reason=event.reason)
        case UploadCompleted():
            return UPLOADS.put(video_id=video, state="completed", etag=event.etag, completed_at=at.clock)
        case UploadAborted():
            return UPLOADS.put(video_id=video, state="aborted")
        case UploadExpired():
            return UPLOADS.put(video_id=video, state="expired")
