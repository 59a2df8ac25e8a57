"""What can be asked about uploads: one table a query."""

from __future__ import annotations

from streams.tables import Table

UPLOADS = Table(
    "uploads",
    key={"video_id": "text"},
    columns={
        "owner": "text",
        "filename": "text",
        "size": "bigint",
        "content_type": "text",
        "kind": "text",
        "store_key": "text",
        "store_upload_id": "text",
        "part_size": "bigint",
        "part_count": "int",
        "expires_at": "bigint",
        "created_at": "bigint",
        "state": "text",  # open, completed, aborted, expired
        "etag": "text",
        "completion_requested_at": "bigint",
        "refused_at": "bigint",
        "code": "text",
        "reason": "text",
        "completed_at": "bigint",
    },
)

PARTS = Table(
    "upload_parts",
    key={"video_id": "text"},
    rows={"number": "int"},
    columns={"etag": "text", "size": "bigint"},
)

UPLOADS_BY_OWNER = Table(
    "uploads_by_owner",
    key={"owner": "text"},
    rows={"video_id": "text"},
    columns={"size": "bigint", "expires_at": "bigint"},
)
