"""Direct an encode: hand out its tasks, accept each report once, ask again for what failed, say when it is done.

In:      encode-reports  (EncodePlanned and what workers report, by video)
Out:     encodes         (EncodeStarted, SegmentStored, RenditionCompleted, ThumbnailsMade, EncodeCompleted,
                          EncodeCancelled, EncodeFailed)
         encode-tasks    (ChunkRequested, AudioRequested, PicturesRequested)
State:   the plan and which parts are done or wait for another try; dropped a week after the last report
Replay:  safe: the first report of a segment is the segment, in the log's order
"""

from __future__ import annotations

from processors.encoding.encode_state import Encode, Retry
from processors.encoding.encode_tasks import AUDIO, PICTURES, chunk_part, parts, task, tracks_of
from processors.media.boundaries import segment_count
from processors.retries import ATTEMPTS, pause
from schemas import encode_reports as reports
from schemas import encode_tasks as tasks
from schemas import encodes as facts
from streams.event import Event, Wake, days
from streams.processor import Moment, Step, fold
from streams.reshape import reshape

Report = (
    reports.EncodePlanned
    | reports.SegmentsEncoded
    | reports.ChunkEncoded
    | reports.AudioEncoded
    | reports.PicturesMade
    | reports.TaskFailed
    | reports.CancelRequested
    | Wake
)


@fold(
    reads=[
        reports.EncodePlanned,
        reports.SegmentsEncoded,
        reports.ChunkEncoded,
        reports.AudioEncoded,
        reports.PicturesMade,
        reports.TaskFailed,
        reports.CancelRequested,
    ],
    emits=[
        facts.EncodeStarted,
        facts.SegmentStored,
        facts.RenditionCompleted,
        facts.ThumbnailsMade,
        facts.EncodeCompleted,
        facts.EncodeCancelled,
        facts.EncodeFailed,
        tasks.ChunkRequested,
        tasks.AudioRequested,
        tasks.PicturesRequested,
    ],
    once=True,
    forget_after=days(7),
)
def direct_encode(encode: Encode, event: Report, at: Moment) -> Step[Encode]:
    """Reports of another encode, or of one that has ended, are too late and change nothing."""
    if isinstance(event, reports.EncodePlanned):
        return start(encode, event)
    plan = encode.plan
    if plan is None:
        cancelled = isinstance(event, reports.CancelRequested)
        return Step(encode.to(status="cancelled") if cancelled else encode)
    if encode.status != "running" or getattr(event, "encode_id", plan.encode_id) != plan.encode_id:
        return Step(encode)
    match event:
        case reports.SegmentsEncoded():
            part = chunk_part(event.chunk)
            heard = encode.with_segments(event.segments).with_accepted(part, 1)
            return advance(heard, plan, part, stored(plan, event.segments))
        case reports.ChunkEncoded():
            part = chunk_part(event.chunk)
            return advance(encode.with_announced(part, event.segments), plan, part, [])
        case reports.AudioEncoded():
            heard = encode.with_segments(event.segments).with_accepted(AUDIO, len(event.segments))
            known = heard if event.total is None else heard.with_announced(AUDIO, event.total)
            return advance(known, plan, AUDIO, stored(plan, event.segments))
        case reports.PicturesMade():
            return finish(encode, plan, PICTURES, [reshape(event, facts.ThumbnailsMade)])
        case reports.TaskFailed():
            return retry_or_give_up(encode, plan, event, at)
        case reports.CancelRequested():
            return Step(encode.to(status="cancelled"), [reshape(plan, facts.EncodeCancelled)], wake_at=None)
        case Wake():
            due = encode.due(event.at)
            waiting = encode.without_retries(due)
            return Step(
                waiting,
                [task(plan, part, retry.attempt) for part, retry in due.items()],
                wake_at=waiting.next_retry(),
            )


def start(encode: Encode, plan: reports.EncodePlanned) -> Step[Encode]:
    """Announce the encode and hand out all its tasks."""
    if encode.status != "none":
        return Step(encode)
    started = reshape(
        plan,
        facts.EncodeStarted,
        chunks=len(plan.chunks),
        audio=plan.audio_stream is not None,
        tracks=tracks_of(plan),
        segments_planned=segment_count(plan.duration_ms),
    )
    return Step(Encode(plan=plan, status="running"), [started, *(task(plan, part, attempt=1) for part in parts(plan))])


def stored(plan: reports.EncodePlanned, segments: tuple[reports.Segment, ...]) -> list[Event]:
    """The accepted facts of reported segments."""
    return [reshape(s, facts.SegmentStored, video_id=plan.video_id, encode_id=plan.encode_id) for s in segments]


def advance(encode: Encode, plan: reports.EncodePlanned, part: str, emit: list[Event]) -> Step[Encode]:
    """Finish a part once everything its worker announced is accepted: reports may come in any order."""
    if part in encode.done or not encode.has_all(part):
        return Step(encode, emit)
    return finish(encode, plan, part, emit)


def finish(encode: Encode, plan: reports.EncodePlanned, part: str, first: list[Event] | None = None) -> Step[Encode]:
    """Mark a part done; `first`, then the renditions this completes, then the encode if nothing is left."""
    before, after = encode, encode.with_done(part).without_retries([part])
    completed = list(renditions(plan, part, newly=after.chunks_done() and not before.chunks_done()))
    emit = [*(first or []), *(_rendition_completed(after, plan, name) for name in completed)]
    if not after.complete:
        return Step(after, emit, wake_at=after.next_retry())
    return Step(after.to(status="completed"), [*emit, _encode_completed(after, plan)], wake_at=None)


def renditions(plan: reports.EncodePlanned, part: str, newly: bool) -> list[str]:
    """The renditions that `part` was the last to complete; `newly`: the chunks are all there since it."""
    if part == AUDIO:
        return [AUDIO]
    return [rung.name for rung in plan.rungs] if newly else []


def retry_or_give_up(
    encode: Encode, plan: reports.EncodePlanned, failure: reports.TaskFailed, at: Moment
) -> Step[Encode]:
    """Another try after a pause; then the encode fails, but for its pictures: a video may lack a poster.

    A part that is done stays done, whatever a second run of its task came to.
    """
    if failure.part in encode.done:
        return Step(encode)
    if not failure.permanent and failure.attempt < ATTEMPTS:
        waiting = encode.with_retry(failure.part, Retry(failure.attempt + 1, at.clock + pause(failure.attempt)))
        return Step(waiting, wake_at=waiting.next_retry())
    if failure.part == PICTURES:
        return finish(encode, plan, PICTURES)
    reason = f"{failure.part} could not be encoded: {failure.error}"
    failed = reshape(plan, facts.EncodeFailed, code=failure.code, reason=reason)
    return Step(encode.to(status="failed"), [failed], wake_at=None)


def _rendition_completed(encode: Encode, plan: reports.EncodePlanned, name: str) -> Event:
    return reshape(plan, facts.RenditionCompleted, rendition=name, segments=encode.segments.get(name, 0))


def _encode_completed(encode: Encode, plan: reports.EncodePlanned) -> Event:
    names = [rung.name for rung in reversed(plan.rungs)] + ([AUDIO] if plan.audio_stream is not None else [])
    return reshape(plan, facts.EncodeCompleted, duration_ms=encode.end_ms, renditions=names)
