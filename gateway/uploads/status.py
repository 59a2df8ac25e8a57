"""How far an upload is: GET /v1/uploads/{video_id}."""

from __future__ import annotations

from gateway.route import Call, Reply
from gateway.uploads.bodies import Upload
from gateway.uploads.known import held_parts, state_of, upload_of


async def show_upload(call: Call) -> Reply[Upload]:
    """The upload and the parts that the store holds: what is missing can be sent after a restart."""
    row = await upload_of(call)
    state = state_of(row)
    parts = await held_parts(call.services, row) if state in ("open", "completing") else []
    refused = state == "open"
    return Reply(
        Upload(
            video_id=row["video_id"], state=state, code=row.get("code") if refused else None,
            reason=row.get("reason") if refused else None, filename=row["filename"], content_type=row["content_type"],
            size=row["size"], kind=row["kind"], part_size=row["part_size"], part_count=row["part_count"],
            parts=parts, expires_at=row["expires_at"],
        )
    )  # fmt: skip
