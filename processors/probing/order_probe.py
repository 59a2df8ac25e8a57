"""Order a look into every upload: into what is there of it as it grows, and into the whole.

A look needs the beginning of a file, and mostly its end, for one or the other holds its index, and its length. So the
first is ordered when the first part is there, another with the last part, and the next when there is twice as much:
what an order that came too early could not find, a later one may.

In:      uploads         (UploadStarted, PartStored, CompletionRequested, UploadCompleted, UploadAborted, UploadExpired)
Out:     probe-reports   (ProbeOrdered, by video)
         encode-reports  (SourceGrown, SourceGone, by video)
State:   what was announced and which parts are there; dropped when the upload is settled
Replay:  safe: an upload completes once; a part that is reported again is known by its event's id
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from schemas.encode_reports import SourceGone, SourceGrown
from schemas.probe_reports import ProbeOrdered
from schemas.uploads import (
    CompletionRequested,
    PartStored,
    UploadAborted,
    UploadCompleted,
    UploadExpired,
    UploadStarted,
)
from streams.event import Event, days
from streams.held_parts import Held
from streams.processor import State, Step, fold
from streams.reshape import reshape

MOST_RANGES = 128  # first and last parts of runs without a gap; what is sent in its order has one or two runs

News = UploadStarted | PartStored | CompletionRequested | UploadCompleted | UploadAborted | UploadExpired


class Upload(State, frozen=True):
    """An upload in parts. `looked`: how many were there at the last order; `replaced`: one came twice, and differed."""

    started: UploadStarted | None = None
    held: Held = Held()
    looked: int = 0
    replaced: bool = False

    def to(self, **changes: object) -> Upload:
        return msgspec.structs.replace(self, **changes)


@fold(
    reads=[UploadStarted, PartStored, CompletionRequested, UploadCompleted, UploadAborted, UploadExpired],
    emits=[ProbeOrdered, SourceGrown, SourceGone],
    once=True,
    forget_after=days(30),
)
def order_probe(upload: Upload, event: News) -> Step[Upload]:
    """Forwarded into the topics of the folds that own the probe and the encode."""
    match event:
        case UploadStarted():
            return Step(Upload(started=event) if event.kind == "multipart" else None)
        case UploadCompleted():
            return Step(None, [reshape(event, ProbeOrdered, parts_digest="", confirmed=_confirmed(upload, event))])
        case UploadAborted() | UploadExpired():
            return Step(None, [SourceGone(video_id=event.video_id)] if upload.looked else [])
        case PartStored():
            return _grown(upload, [(event.number, event.etag)])
        case CompletionRequested():
            unreported = [part for part in event.parts if part.number not in upload.held]
            return _grown(upload, [(part.number, part.etag) for part in unreported])


def _grown(upload: Upload, parts: Iterable[tuple[int, str]]) -> Step[Upload]:
    """With more parts. One that is there already was replaced, as the engine drops what is reported twice.

    Nothing is told while there are more gaps than anybody's upload has: a report may be of what was never sent, and
    each of these events, kept for ever, names all the runs.
    """
    started, held = upload.started, upload.held
    if started is None:
        return Step(None)
    for number, etag in parts:
        if number in held:
            return Step(upload.to(replaced=True))
        held = held.plus(number, etag)
    if held == upload.held or upload.replaced or 1 not in held or len(held.ranges) > MOST_RANGES:
        return Step(upload.to(held=held))
    ended = started.part_count in held and started.part_count not in upload.held
    there = {"part_size": started.part_size, "held_parts": held.ranges, "parts_digest": held.digest}
    emit: list[Event] = [reshape(started, SourceGrown, **there)]
    due = ended or held.count >= 2 * upload.looked
    if not due or held.count == started.part_count:  # all are there: the look into the whole is as near
        return Step(upload.to(held=held), emit)
    emit.append(reshape(started, ProbeOrdered, etag="", **there))
    return Step(upload.to(held=held, looked=held.count), emit)


def _confirmed(upload: Upload, done: UploadCompleted) -> bool:
    """Whether the source is of the parts that earlier orders named."""
    return bool(upload.looked and not upload.replaced and upload.held.digest == done.parts_digest)
