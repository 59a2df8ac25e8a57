"""Ask a worker what a source holds, again if it must be, and accept one answer.

A source that is still arriving is asked about whenever more of it is there, until there is an answer. The whole is
asked about once more: if it is of the very parts that were named, and the same is found in it, the first answer stands;
else it counts for nothing, as does all that was made of it.

In:      probe-reports   (ProbeOrdered, SourceProbed, SourceUnplayable, ProbeFailed, by video)
Out:     videos          (VideoProbed, SourceConfirmed, VideoRejected, VideoFailed)
         encode-reports  (SourceGone)
         probe-tasks     (ProbeRequested)
State:   the order and how often it was tried; dropped a week after the last report
Replay:  safe: the first answer in the log is the answer
"""

from __future__ import annotations

import hashlib
from typing import Literal

import msgspec

from processors.retries import ATTEMPTS, pause
from schemas.encode_reports import SourceGone
from schemas.probe_reports import ProbeFailed, ProbeOrdered, SourceProbed, SourceUnplayable
from schemas.probe_tasks import ProbeRequested
from schemas.videos import SourceConfirmed, VideoFailed, VideoProbed, VideoRejected
from streams.event import Event, Wake, days, natural_id
from streams.processor import Moment, State, Step, fold
from streams.reshape import reshape

SLACK_MS = 100
Report = ProbeOrdered | SourceProbed | SourceUnplayable | ProbeFailed | Wake


class Found(msgspec.Struct, frozen=True):
    """What a report says: its length, and a digest of all else."""

    duration_ms: int
    digest: str

    def agrees(self, other: Found) -> bool:
        """A length may be read from an index first, from the last packets later."""
        return self.digest == other.digest and abs(self.duration_ms - other.duration_ms) <= SLACK_MS


class Probing(State, frozen=True):
    """`attempt` counts from 1 once the probe is ordered. `early`: what was found while the source was arriving."""

    order: ProbeOrdered | None = None
    attempt: int = 0
    status: Literal["waiting", "settled"] = "waiting"
    early: Found | None = None

    def to(self, **changes: object) -> Probing:
        return msgspec.structs.replace(self, **changes)


@fold(
    reads=[ProbeOrdered, SourceProbed, SourceUnplayable, ProbeFailed],
    emits=[VideoProbed, SourceConfirmed, VideoRejected, VideoFailed, SourceGone, ProbeRequested],
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
            return _found(probing, event, probing.order)
        case SourceUnplayable():
            return _refuse(probing, VideoRejected(video_id=event.video_id, code=event.code, reason=event.reason))
        case ProbeFailed() if event.arriving:
            return Step(probing)  # asked again when more is there
        case ProbeFailed() if event.attempt >= ATTEMPTS:
            reason = f"The file could not be examined: {event.error}. Upload it again, or another encoding of it."
            return _refuse(probing, VideoFailed(video_id=event.video_id, code="probe_failed", reason=reason))
        case ProbeFailed():
            return Step(probing.to(attempt=event.attempt + 1), wake_at=at.clock + pause(event.attempt))
        case Wake():
            return _ask(probing, probing.order)


def _ordered(probing: Probing, order: ProbeOrdered) -> Step[Probing]:
    """Ask, but for what is known: of a source that is still arriving the first answer, and the same of the whole."""
    known = probing.order
    if known and (not known.part_size or (order.part_size and probing.early)):
        return Step(probing)
    return _ask(Probing(order=order, attempt=1, early=probing.early), order)


def _found(probing: Probing, report: SourceProbed, order: ProbeOrdered) -> Step[Probing]:
    found = _summary(report)
    if order.part_size:
        return _settle(probing.to(early=found), _probed(report, order))
    if probing.early and order.confirmed and found.agrees(probing.early):
        return _settle(probing, reshape(order, SourceConfirmed))
    return _settle(probing, _probed(report, order))


def _refuse(probing: Probing, verdict: VideoRejected | VideoFailed) -> Step[Probing]:
    """What was made of it while it was arriving, if anything was, goes too."""
    gone = [SourceGone(video_id=verdict.video_id)] if probing.early else []
    return _settle(probing, verdict, *gone)


def _about(event: Report, order: ProbeOrdered) -> bool:
    """Whether a report answers the order: about what is arriving, or about the whole.

    Why it can't be played is a word about the whole; a worker that knows no parts says that the whole is not there.
    """
    if isinstance(event, SourceUnplayable):
        return not order.part_size
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


def _settle(probing: Probing, *said: Event) -> Step[Probing]:
    return Step(probing.to(status="settled"), said, wake_at=None)


def _summary(report: SourceProbed) -> Found:
    """All that matters to an encode: the bit rate follows from the length."""
    aside = {"event_id": "", "occurred_at": 0, "arriving": False, "duration_ms": 0, "bit_rate": 0}
    rest = msgspec.json.encode(msgspec.structs.replace(report, **aside), order="sorted")
    return Found(report.duration_ms, hashlib.sha256(rest).hexdigest())


def _probed(report: SourceProbed, order: ProbeOrdered) -> VideoProbed:
    """The report's findings as the library's fact."""
    found = {k: v for k, v in msgspec.to_builtins(report).items() if k not in ("event_id", "occurred_at")}
    ordered = {"store_key": order.store_key, "etag": order.etag, "encoding": order.encoding}
    return msgspec.convert({**found, **ordered}, VideoProbed)
