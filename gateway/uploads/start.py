"""Announce a file: POST /v1/uploads."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from gateway.problems import Problem, invalid
from gateway.route import Call, Reply
from gateway.services import Services
from gateway.uploads import identity, quotas
from gateway.uploads.admission import StartUpload, refusals
from gateway.uploads.bodies import StartedUpload
from gateway.uploads.known import of_owner, require_open, state_of
from gateway.uploads.places import plan_of
from gateway.uploads.plan import layout
from schemas.uploads import UploadStarted

Row = Mapping[str, Any]


async def start_upload(call: Call, body: StartUpload) -> Reply[StartedUpload]:
    """Give an announced file an id and places to put it. With an Idempotency-Key, a repeat gives the same upload."""
    if errors := refusals(body, call.services.options):
        raise invalid(errors)
    owner, key = call.caller.owner, call.idempotency_key
    async with call.services.recent.lock(owner):
        rows = await of_owner(call.services, owner, _now())
        if known := _repeated(owner, key, rows):
            return _again(call.services, known, body)
        quotas.check([row for row in rows if state_of(row) in ("open", "completing")], body.size, call.services.options)
        return await _start(call, key, body)


async def _start(call: Call, key: str | None, wanted: StartUpload) -> Reply[StartedUpload]:
    services = call.services
    started = await _announcement(services, call.caller.owner, key, wanted)
    position = str(await call.post(started))
    services.recent.remember(started)
    row = services.recent.row(started.video_id) or {}
    answer = StartedUpload(started.video_id, plan_of(services, row), started.expires_at, position)
    return Reply(answer, position=position, headers={"Location": f"/v1/uploads/{started.video_id}"})


async def _announcement(services: Services, owner: str, key: str | None, wanted: StartUpload) -> UploadStarted:
    now = _now()
    video_id = identity.video_id(owner, key, now)
    how = layout(wanted.size, services.options.put_max_bytes)
    store_key, store_upload_id = f"sources/{video_id}", None
    if how.kind == "multipart":
        store_upload_id = await services.multipart.create(store_key, wanted.media_type)
    return UploadStarted(
        event_id=identity.command_id("start-upload", owner, key), occurred_at=now, video_id=video_id, owner=owner,
        filename=wanted.filename, size=wanted.size, content_type=wanted.media_type, kind=how.kind, store_key=store_key,
        store_upload_id=store_upload_id, part_size=how.part_size, part_count=how.part_count,
        expires_at=now + services.options.upload_expiry * 1000, title=wanted.named, description=wanted.description,
        tags=tuple(tag.strip() for tag in wanted.tags), category=wanted.category, language=wanted.language,
        visibility=wanted.visibility, encoding=wanted.encoding or services.options.encoding,
    )  # fmt: skip


def _repeated(owner: str, key: str | None, rows: Sequence[Row]) -> Row | None:
    known = identity.earlier(owner, key, [row["video_id"] for row in rows]) if key else None
    return next((row for row in rows if row["video_id"] == known), None)


def _again(services: Services, row: Row, wanted: StartUpload) -> Reply[StartedUpload]:
    """The answer to a repeat: the same upload, with fresh URLs."""
    announced = (wanted.filename, wanted.size, wanted.media_type)
    if announced != (row["filename"], row["size"], row["content_type"]):
        raise Problem(
            422, "key-reused", "This Idempotency-Key was used for another file.", "Send a new key for each file.",
            video_id=row["video_id"],
        )  # fmt: skip
    require_open(row)
    return Reply(StartedUpload(row["video_id"], plan_of(services, row), row["expires_at"], None))


def _now() -> int:
    return time.time_ns() // 1_000_000
