"""Put an upload's parts together in the store and prove that the result is what was announced.

In:      upload-tasks  (AssembleRequested; share group)
Out:     uploads       (SourceStored, SourceIncomplete, AssemblyFailed)
Repeat:  safe: an object that is already whole is a success, whoever put it together
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from schemas.upload_tasks import AssembleRequested
from schemas.uploads import AssemblyFailed, SourceIncomplete, SourceStored
from streams.arriving import join, stored_parts
from streams.event import Event, minutes, natural_id
from streams.held_parts import held
from streams.multipart import StoredPart
from streams.objects import Head, Objects
from streams.processor import work
from streams.store_errors import Missing

LONGEST = minutes(55)  # every byte is copied within the store, terabytes maybe; the broker's locks end after an hour


def assembly_failed(task: AssembleRequested, error: BaseException) -> Event:
    """What the settling fold is told when no verdict was reached."""
    return AssemblyFailed(
        event_id=natural_id(task.task_id, "failed"),
        video_id=task.video_id,
        error=str(error) or type(error).__name__,
        attempt=task.attempt,
    )


@work(
    reads=AssembleRequested,
    emits=[SourceStored, SourceIncomplete, AssemblyFailed],
    failed=assembly_failed,
    time_limit=LONGEST,
)
async def assemble_upload(task: AssembleRequested, objects: Objects) -> AsyncIterator[Event]:
    """The store's word counts: its list of parts before, its size and entity tag after."""
    stored, digest = await _head(objects, task), ""
    if stored is None and task.store_upload_id:
        parts = await stored_parts(objects, task.store_key)
        if fault := missing(task, parts):
            yield _incomplete(task, *fault)
            return
        await join(objects, task.store_key, task.store_upload_id, parts)
        stored, digest = await _head(objects, task), held((part.number, part.etag) for part in parts).digest
    if stored is None:
        reason = "The store holds nothing for this upload. Send the file, then complete again."
        yield _incomplete(task, "nothing_stored", reason)
    elif stored.size != task.size:
        reason = f"The store holds {stored.size} bytes, not {task.size}. Send the file again, or start a new upload."
        yield _incomplete(task, "size_mismatch", reason)
    else:
        event_id = natural_id(task.task_id, "stored")
        yield SourceStored(
            event_id=event_id, video_id=task.video_id, etag=stored.etag, size=stored.size, parts_digest=digest
        )


def missing(task: AssembleRequested, parts: list[StoredPart]) -> tuple[str, str] | None:
    """Code and reason where the stored parts are not the announced ones; None where they are."""
    held = {part.number: part for part in parts}
    if absent := [n for n in range(1, task.part_count + 1) if n not in held]:
        names = ", ".join(map(str, absent[:10])) + (" …" if len(absent) > 10 else "")
        return (
            "part_missing",
            f"The store lacks part {names} of {task.part_count}. Send it, then complete again.",
        )
    for claim in task.parts:
        if claim.number not in held or held[claim.number].etag != claim.etag.strip('"'):
            return (
                "part_changed",
                f"Part {claim.number} in the store is not the one that was claimed. Send it again.",
            )
    total = sum(part.size for part in parts)
    if total != task.size:
        return (
            "size_mismatch",
            f"The parts hold {total} bytes, {task.size} were announced. Send the differing parts again.",
        )
    return None


async def _head(objects: Objects, task: AssembleRequested) -> Head | None:
    try:
        return await objects.head(task.store_key)
    except Missing:
        return None


def _incomplete(task: AssembleRequested, code: str, reason: str) -> Event:
    return SourceIncomplete(
        event_id=natural_id(task.task_id, "incomplete"), video_id=task.video_id, code=code, reason=reason
    )
