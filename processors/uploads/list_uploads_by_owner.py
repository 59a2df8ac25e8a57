"""List an owner's uploads, so that the gateway can hold them against the owner's quota.

In:      uploads           (UploadStarted, by video)
Into:    uploads_by_owner  (rows by owner)
Replay:  safe: rows are identical when written again
"""

from __future__ import annotations

from processors.uploads.tables import UPLOADS_BY_OWNER
from schemas.uploads import UploadStarted
from streams.processor import view
from streams.tables import Write


@view(reads=UploadStarted, into=UPLOADS_BY_OWNER)
def list_uploads_by_owner(event: UploadStarted) -> Write:
    """The row names the upload; its state is read from the upload's own row."""
    return UPLOADS_BY_OWNER.put(
        owner=event.owner, video_id=event.video_id, size=event.size, expires_at=event.expires_at
    )
