"""Finish an upload, or give it up: POST /v1/uploads/{video_id}/complete, DELETE /v1/uploads/{video_id}."""

from __future__ import annotations

import time
from collections.abc import Sequence

from gateway.problems import Problem
from gateway.route import Call, Reply
from gateway.services import Services
from gateway.uploads.bodies import ClaimedPart, Completion, HeldPart, Settled
from gateway.uploads.identity import command_id, completion_id
from gateway.uploads.known import Row, held_parts, layout_of, require_open, state_of, upload_of
from gateway.uploads.settlement import listening, refused, settled
from gateway.uploads.stored import faults
from schemas.uploads import AbortRequested, CompletionRefused, CompletionRequested, Part
from streams.store_errors import Missing


async def complete_upload(call: Call, body: Completion) -> Reply[Settled]:
    """Check the parts against the store, ask for completion and wait for the verdict. Asking again is harmless."""
    row = await upload_of(call)
    if state_of(row) == "completed":
        return Reply(Settled(row["video_id"], "completed"))
    require_open(row)
    held = await _checked(call.services, row, body.parts)
    async with listening(call.services, row["video_id"]) as settlement:
        posted = await call.post(_request(call, row, body.parts, held))
        verdict = await settlement.after(posted, call.services.options.settle_wait)
    if verdict is None:
        return Reply(Settled(row["video_id"], "completing", str(posted)), status=202, position=str(posted))
    if isinstance(verdict.event, CompletionRefused):
        raise refused(verdict.event)
    answer = settled(verdict, row["video_id"])
    if answer.state != "completed":
        raise _ended(answer)
    return Reply(answer, position=answer.position)


async def abort_upload(call: Call) -> Reply[Settled]:
    """Give an unfinished upload up; its parts are freed. 409 where it was completed first."""
    row = await upload_of(call)
    state = state_of(row)
    if state in ("aborted", "expired"):
        return Reply(Settled(row["video_id"], state))
    require_open(row)
    async with listening(call.services, row["video_id"]) as settlement:
        posted = await call.post(AbortRequested(event_id=_abort_id(call), occurred_at=_now(), video_id=row["video_id"]))
        verdict = await settlement.after(posted, call.services.options.settle_wait)
    if verdict is None or isinstance(verdict.event, CompletionRefused):
        return Reply(Settled(row["video_id"], "aborting", str(posted)), status=202, position=str(posted))
    answer = settled(verdict, row["video_id"])
    if answer.state == "completed":
        raise _ended(answer)
    return Reply(answer, position=answer.position)


async def _checked(services: Services, row: Row, claimed: Sequence[ClaimedPart]) -> list[HeldPart]:
    """What the store holds; raises a 422 problem where that is not the whole file."""
    held = await held_parts(services, row)
    if errors := faults(claimed, held, layout_of(row)):
        if row["kind"] == "multipart" and await _whole(services, row):
            return []  # put together already, and the parts are going; the fold's word is on its way
        told = "; ".join(error.detail for error in errors)
        raise Problem(422, "incomplete", told, "Send what is missing, then complete again.", errors=errors)
    return held


async def _whole(services: Services, row: Row) -> bool:
    try:
        return (await services.objects.head(row["store_key"])).size == row["size"]
    except Missing:
        return False


def _request(call: Call, row: Row, claimed: Sequence[ClaimedPart], held: Sequence[HeldPart]) -> CompletionRequested:
    parts: Sequence[ClaimedPart | HeldPart] = claimed or held
    named = tuple(Part(number=part.number, etag=part.etag.strip('"')) for part in parts)
    event_id = completion_id(row["video_id"], call.caller.owner, call.idempotency_key, row.get("refused_at"))
    return CompletionRequested(
        event_id=event_id, occurred_at=_now(), video_id=row["video_id"],
        parts=named if row["kind"] == "multipart" else (),
    )  # fmt: skip


def _ended(answer: Settled) -> Problem:
    return Problem(
        409, f"upload_{answer.state}", f"The upload is {answer.state}.", "Start a new one to send another file.",
        video_id=answer.video_id,
    )  # fmt: skip


def _abort_id(call: Call) -> str:
    return command_id(f"abort-upload {call.video_id}", call.caller.owner, call.idempotency_key)


def _now() -> int:
    return time.time_ns() // 1_000_000
