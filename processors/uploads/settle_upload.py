"""Decide what became of an upload: completed, aborted or expired. Whatever races, the log's order settles it.

In:      uploads       (what clients ask and what workers found, by video)
Out:     uploads       (UploadCompleted, CompletionRefused, UploadAborted, UploadExpired)
         upload-tasks  (AssembleRequested, ReleaseRequested)
State:   the upload and how far it is; dropped thirty days after its last event
Replay:  safe: time is the partition's clock, repeats are dropped by their id
"""

from __future__ import annotations

from typing import Literal

import msgspec

from processors.retries import ATTEMPTS, pause
from schemas.upload_tasks import AssembleRequested, ReleaseRequested
from schemas.upload_tasks import Part as TaskPart
from schemas.uploads import (
    AbortRequested,
    AssemblyFailed,
    CompletionRefused,
    CompletionRequested,
    Part,
    SourceIncomplete,
    SourceStored,
    UploadAborted,
    UploadCompleted,
    UploadExpired,
    UploadStarted,
)
from streams.event import Event, Wake, days, hours, natural_id
from streams.processor import Moment, State, Step, fold

LATE = hours(7)  # an address to put a part at lives six, however the upload ends

Request = UploadStarted | CompletionRequested | AbortRequested | SourceStored | SourceIncomplete | AssemblyFailed | Wake


class Upload(State, frozen=True):
    """`started` is the announcement; `asked` and `request` the parts and the id of the completion in progress."""

    status: Literal["unknown", "open", "completing", "completed", "aborted", "expired"] = "unknown"
    started: UploadStarted | None = None
    asked: tuple[Part, ...] = ()
    request: str = ""
    attempt: int = 0
    abort_wanted: bool = False

    def to(self, **changes: object) -> Upload:
        return msgspec.structs.replace(self, **changes)


@fold(
    reads=[
        UploadStarted,
        CompletionRequested,
        AbortRequested,
        SourceStored,
        SourceIncomplete,
        AssemblyFailed,
    ],
    emits=[
        UploadCompleted,
        CompletionRefused,
        UploadAborted,
        UploadExpired,
        AssembleRequested,
        ReleaseRequested,
    ],
    once=True,
    forget_after=days(30),
)
def settle_upload(upload: Upload, event: Request, at: Moment) -> Step[Upload]:
    """One of three ends, whichever the log holds first; a completion in progress goes before an abort.

    What an end leaves in the store is freed at once, and once more when nobody can put a part any longer.
    """
    if isinstance(event, UploadStarted):
        return (
            Step(upload.to(status="open", started=event), wake_at=event.expires_at)
            if upload.started is None
            else Step(upload)
        )
    started = upload.started
    if started is None:
        return _unknown(upload, event)
    match upload.status, event:
        case "open", CompletionRequested():
            return _assemble(upload.to(asked=event.parts, request=event.event_id, attempt=1), started)
        case "open", AbortRequested():
            return _abort(upload, started, at)
        case "open", Wake():
            return _ended(upload.to(status="expired"), started, UploadExpired(video_id=started.video_id), at)
        case "completing", AbortRequested():
            return Step(upload.to(abort_wanted=True))
        case "completing", SourceStored():
            return _ended(upload.to(status="completed", asked=()), started, _completed(started, event), at)
        case "completing", SourceIncomplete():
            return _refuse(upload, started, event.code, event.reason, at)
        case "completing", AssemblyFailed() if event.attempt >= ATTEMPTS:
            return _refuse(
                upload,
                started,
                "store_unavailable",
                f"The store could not finish the upload: {event.error}. Try again.",
                at,
            )
        case "completing", AssemblyFailed():
            return Step(upload.to(attempt=event.attempt + 1), wake_at=at.clock + pause(event.attempt))
        case "completing", Wake():
            return _assemble(upload, started)
        case (("completed" | "aborted" | "expired"), Wake()):
            return Step(upload, [_release(upload, started, "late")], wake_at=None)
        case (("aborted" | "expired"), CompletionRequested()):
            reason = f"The upload was {upload.status}. Start a new one."
            return Step(
                upload,
                [CompletionRefused(video_id=started.video_id, code=f"upload_{upload.status}", reason=reason)],
            )
        case _:
            return Step(upload)


def _unknown(upload: Upload, event: Request) -> Step[Upload]:
    if isinstance(event, CompletionRequested):
        return Step(
            None,
            [CompletionRefused(video_id=event.video_id, code="unknown_upload", reason="No such upload was started.")],
        )
    return Step(None)


def _assemble(upload: Upload, started: UploadStarted) -> Step[Upload]:
    task = AssembleRequested(
        task_id=natural_id(upload.request, "assemble", upload.attempt),
        video_id=started.video_id,
        store_key=started.store_key,
        store_upload_id=started.store_upload_id,
        kind=started.kind,
        size=started.size,
        part_count=started.part_count,
        parts=tuple(TaskPart(number=p.number, etag=p.etag) for p in upload.asked),
        attempt=upload.attempt,
    )
    return Step(upload.to(status="completing"), [task], wake_at=None)


def _refuse(upload: Upload, started: UploadStarted, code: str, reason: str, at: Moment) -> Step[Upload]:
    if upload.abort_wanted:
        return _abort(upload, started, at)
    refused = CompletionRefused(video_id=started.video_id, code=code, reason=reason)
    return Step(upload.to(status="open", asked=(), attempt=0), [refused], wake_at=started.expires_at)


def _abort(upload: Upload, started: UploadStarted, at: Moment) -> Step[Upload]:
    return _ended(upload.to(status="aborted", asked=()), started, UploadAborted(video_id=started.video_id), at)


def _ended(upload: Upload, started: UploadStarted, end: Event, at: Moment) -> Step[Upload]:
    """A source that was put in one piece and completed has left nothing."""
    if upload.status == "completed" and started.kind != "multipart":
        return Step(upload, [end], wake_at=None)
    return Step(upload, [end, _release(upload, started)], wake_at=at.clock + LATE)


def _completed(started: UploadStarted, stored: SourceStored) -> Event:
    return UploadCompleted(
        video_id=started.video_id,
        owner=started.owner,
        filename=started.filename,
        content_type=started.content_type,
        store_key=started.store_key,
        size=stored.size,
        etag=stored.etag,
        encoding=started.encoding,
        parts_digest=stored.parts_digest,
    )


def _release(upload: Upload, started: UploadStarted, *again: str) -> Event:
    return ReleaseRequested(
        task_id=natural_id(started.video_id, "release", *again),
        video_id=started.video_id,
        store_key=started.store_key,
        store_upload_id=started.store_upload_id,
        source_stays=upload.status == "completed",
    )
