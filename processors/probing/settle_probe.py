"""Ask a worker what a source holds, again if it must be, and accept one answer.

A source that is still arriving is asked about whenever more of it is there, until there is an answer. That is the
answer about the whole source, too, if this is confirmed to be of the same parts; else it is asked about anew.

In:      probe-reports  (ProbeOrdered, SourceProbed, SourceUnplayable, ProbeFailed, by video)
Out:     videos         (VideoProbed, SourceConfirmed, VideoRejected, VideoFailed)
         probe-tasks    (ProbeRequested)
State:   the order and how often it was tried; dropped a week after the last report
Replay:  safe: the first answer in the log is the answer
"""

from __future__ import annotations

from typing import Literal

import msgspec

from processors.retries import ATTEMPTS, pause
from schemas.probe_reports import ProbeFailed, ProbeOrdered, SourceProbed, SourceUnplayable
from schemas.probe_tasks import ProbeRequested
from schemas.videos import SourceConfirmed, VideoFailed, VideoProbed, VideoRejected
from streams.event import Event, Wake, days, natural_id
from streams.processor import Moment, State, Step, fold
from streams.reshape import reshape

Report = ProbeOrdered | SourceProbed | SourceUnplayable | ProbeFailed | Wake


class Probing(State, frozen=True):
    """`attempt` counts from 1 once the probe is ordered."""

    order: ProbeOrdered | None = None
    attempt: int = 0
    status: Literal["waiting", "settled"] = "waiting"

    def to(self, **changes: object) -> Probing:
        return msgspec.structs.replace(self, **changes)


@fold(
    reads=[ProbeOrdered, SourceProbed, SourceUnplayable, ProbeFailed],
    emits=[VideoProbed, SourceConfirmed, VideoRejected, VideoFailed, ProbeRequested],
    once=True,
    forget_after=days(7),
)
def settle_probe(probing: Probing, event: Report, at: Moment) -> Step[Probing]:
    """First verdict wins; a worker that reached none is asked again after a pause, five times in all."""
    if isinstance(event, ProbeOrdered):
        return _ordered(probing, event)
    if probing.order is None or probing.status == "settled" or not _about(event, probing.order):
        return Step(probing)
    match event:
        case SourceProbed():
            return _settle(probing, _probed(event, probing.order))
        case SourceUnplayable():
            return _settle(probing, VideoRejected(video_id=event.video_id, code=event.code, reason=event.reason))
        case ProbeFailed() if event.arriving:
            return Step(probing)  # asked again when more is there
        case ProbeFailed() if event.attempt >= ATTEMPTS:
            reason = f"The file could not be examined: {event.error}. Upload it again, or another encoding of it."
            return _settle(probing, VideoFailed(video_id=event.video_id, code="probe_failed", reason=reason))
        case ProbeFailed():
            return Step(probing.to(attempt=event.attempt + 1), wake_at=at.clock + pause(event.attempt))
        case Wake():
            return _ask(probing, probing.order)


def _ordered(probing: Probing, order: ProbeOrdered) -> Step[Probing]:
    """Ask, but for what is known: of a source that is still arriving the first answer, and the same of the whole."""
    known = probing.order
    if known is None or (known.part_size and probing.status == "waiting"):
        return _ask(Probing(order=order, attempt=1), order)
    if not known.part_size or order.part_size:
        return Step(probing)
    if not order.confirmed:
        return _ask(Probing(order=order, attempt=1), order)
    return Step(probing.to(order=order), [reshape(order, SourceConfirmed)])


def _about(event: Report, order: ProbeOrdered) -> bool:
    """Whether a report answers the order: about what is arriving, or about the whole."""
    return not isinstance(event, SourceProbed | ProbeFailed) or event.arriving == bool(order.part_size)


def _ask(probing: Probing, order: ProbeOrdered) -> Step[Probing]:
    task = ProbeRequested(
        task_id=natural_id(order.event_id, "probe"),
        video_id=order.video_id,
        store_key=order.store_key,
        size=order.size,
        etag=order.etag,
        filename=order.filename,
        attempt=probing.attempt,
        part_size=order.part_size,
        held_parts=order.held_parts,
        parts_digest=order.parts_digest,
    )
    return Step(probing, [task], wake_at=None)


def _settle(probing: Probing, verdict: Event) -> Step[Probing]:
    return Step(probing.to(status="settled"), [verdict], wake_at=None)


def _probed(report: SourceProbed, order: ProbeOrdered) -> VideoProbed:
    """The report's findings as the library's fact."""
    found = {k: v for k, v in msgspec.to_builtins(report).items() if k not in ("event_id", "occurred_at")}
    ordered = {"store_key": order.store_key, "etag": order.etag, "encoding": order.encoding}
    return msgspec.convert({**found, **ordered}, VideoProbed)
