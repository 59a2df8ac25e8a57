"""Find the upload a call is about, and what the store holds of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from gateway.access.caller import require_owner
from gateway.problems import Problem, not_found
from gateway.reads import UPLOADS, UPLOADS_BY_OWNER
from gateway.route import Call
from gateway.services import Services
from gateway.uploads.bodies import HeldPart, UploadState
from gateway.uploads.identity import first_since
from gateway.uploads.plan import Layout
from streams.arriving import stored_parts
from streams.store_errors import Missing

PAGE = 1_000  # rows read at once
Row = Mapping[str, Any]


async def upload_of(call: Call) -> Row:
    """The caller's upload named in the path; raises a 404 or 403 problem."""
    row = await row_of(call.services, call.video_id)
    if row is None:
        raise not_found("upload", call.video_id)
    require_owner(call.caller, row["owner"], "upload")
    return row


async def row_of(services: Services, video_id: str) -> Row | None:
    """The upload's row; the announcement itself where the view does not show it yet."""
    row = await services.rows.get(UPLOADS, video_id=video_id)
    return row if row and row.get("owner") else services.recent.row(video_id)


async def of_owner(services: Services, owner: str, now_ms: int) -> list[Row]:
    """The owner's uploads that have not passed their expiry, settled ones included."""
    since = first_since(now_ms - services.options.upload_expiry * 1000)
    ids = {row["video_id"] async for row in _listed(services, owner, since) if (row["expires_at"] or 0) > now_ms}
    ids |= {row["video_id"] for row in services.recent.of(owner)}
    return [row async for row in _rows_of(services, sorted(ids))]


async def _rows_of(services: Services, ids: Sequence[str]) -> AsyncIterator[Row]:
    """The rows of these uploads, read some at a time."""
    for start in range(0, len(ids), PAGE):
        for row in await asyncio.gather(*(row_of(services, one) for one in ids[start : start + PAGE])):
            if row is not None:
                yield row


async def _listed(services: Services, owner: str, since: str) -> AsyncIterator[Row]:
    """The owner's list from the id `since` on, to its end: what lies further back has expired."""
    after: Row = {"video_id": since}
    while True:
        page = await services.rows.list(UPLOADS_BY_OWNER, after=after, limit=PAGE, owner=owner)
        for row in page:
            yield row
        if len(page) < PAGE:
            return
        after = page[-1]


def layout_of(row: Row) -> Layout:
    return Layout(row["kind"], row["size"], row["part_size"], row["part_count"])


def state_of(row: Row) -> UploadState:
    """`completing` from a request until its settlement or refusal."""
    asked, refused = row.get("completion_requested_at") or 0, row.get("refused_at") or 0
    if row["state"] == "open" and asked > refused:
        return "completing"
    return row["state"]


def require_open(row: Row) -> None:
    """Raises a 409 problem where the upload is settled."""
    state = state_of(row)
    if state in ("completed", "aborted", "expired"):
        raise Problem(
            409, f"upload_{state}", f"The upload is {state}.", "Start a new one to send another file.",
            video_id=row["video_id"],
        )  # fmt: skip


async def held_parts(services: Services, row: Row) -> list[HeldPart]:
    """What the store holds: the parts that are not joined yet, or the one object of a PUT."""
    try:
        if row["kind"] == "put":
            found = await services.objects.head(row["store_key"])
            return [HeldPart(1, found.etag, found.size)]
        parts = await stored_parts(services.objects, row["store_key"])
        return [HeldPart(part.number, part.etag, part.size) for part in parts]
    except Missing:
        return []
