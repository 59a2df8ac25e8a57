"""Direct an encode: hand out its tasks, accept each report once, ask again for what failed, say when it is done.

A video has one encode under way at a time. One that is to take another's place announces its segments, which nobody
lists until all of it is complete. It may lack what can't be made of its source; if anything else of it fails, all of
it has failed, and the other stays.

A source may still be arriving: then what needs more of it waits, and all is complete only when that is.

In:      encode-reports      (EncodePlanned, what workers report, SourceGrown and how it ended, DropRequested, by video)
Out:     encodes             (EncodeStarted, SegmentStored, RenditionCompleted, ThumbnailsMade, EncodeCompleted; later
                              TextsAdded, LadderTrimmed, TracksAdded; RenditionFailed; EncodeReplaced; EncodeCancelled,
                              EncodeFailed; RenditionDropped, SegmentsDiscarded)
         videos              (ReencodeRefused, SourceArchived, SourceRestored)
         encode-tasks        (ChunkRequested, AudioRequested, PicturesRequested: the start)
         encode-tasks-later  (SoundRequested, TextsRequested, LadderRequested, PassChunkRequested: once the video plays,
                              one codec after another; all of an encode that takes another's place)
         encode-tasks-gpu    (GpuChunkRequested: passes that only workers with a GPU take)
         storage-tasks       (RestoreRequested: an archived source is needed)
State:   the plan, its stage, and which parts of that are done or wait for another try; dropped a week after the last
         report
Replay:  safe: the first report of a segment is the segment, in the log's order
"""

from __future__ import annotations

from processors.encoding.arriving_source import awaited, gone, grown, whole
from processors.encoding.encode_failures import retry_or_give_up
from processors.encoding.encode_orders import drop, start, stop
from processors.encoding.encode_source import go_on
from processors.encoding.encode_stages import advance, finish
from processors.encoding.encode_state import Encode
from processors.encoding.encode_tasks import LADDER, PICTURES, TEXTS, chunk_part, rungs_of, task
from processors.media.trimming import saving, superfluous
from schemas import encode_reports as reports
from schemas import encode_tasks as tasks
from schemas import encode_tasks_gpu as gpu
from schemas import encode_tasks_later as later
from schemas import encodes as facts
from schemas.storage_tasks import RestoreRequested
from schemas.videos import ReencodeRefused, SourceArchived, SourceRestored
from streams.event import Event, Wake, days
from streams.processor import Moment, Step, fold
from streams.reshape import reshape

Order = (
    reports.EncodePlanned
    | reports.SourceGrown
    | reports.SourceWhole
    | reports.SourceGone
    | reports.CancelRequested
    | reports.DropRequested
)
Report = (
    reports.SegmentsEncoded
    | reports.ChunkEncoded
    | reports.AudioEncoded
    | reports.PicturesMade
    | reports.TextsExtracted
    | reports.LadderMeasured
    | reports.TaskFailed
    | reports.SourceReturned
    | reports.SourceAwaited
    | Wake
)


@fold(
    reads=[
        reports.EncodePlanned,
        reports.SegmentsEncoded,
        reports.ChunkEncoded,
        reports.AudioEncoded,
        reports.PicturesMade,
        reports.TextsExtracted,
        reports.LadderMeasured,
        reports.TaskFailed,
        reports.SourceReturned,
        reports.SourceGrown,
        reports.SourceWhole,
        reports.SourceGone,
        reports.SourceAwaited,
        reports.CancelRequested,
        reports.DropRequested,
    ],
    emits=[
        facts.EncodeStarted,
        facts.SegmentStored,
        facts.RenditionCompleted,
        facts.RenditionFailed,
        facts.ThumbnailsMade,
        facts.EncodeCompleted,
        facts.EncodeReplaced,
        facts.LadderTrimmed,
        facts.TracksAdded,
        facts.TextsAdded,
        facts.EncodeCancelled,
        facts.EncodeFailed,
        facts.RenditionDropped,
        facts.SegmentsDiscarded,
        ReencodeRefused,
        tasks.ChunkRequested,
        tasks.AudioRequested,
        tasks.PicturesRequested,
        later.LadderRequested,
        later.SoundRequested,
        later.TextsRequested,
        later.PassChunkRequested,
        gpu.GpuChunkRequested,
        RestoreRequested,
        SourceArchived,
        SourceRestored,
    ],
    once=True,
    forget_after=days(7),
)
def direct_encode(encode: Encode, event: Order | Report, at: Moment) -> Step[Encode]:
    """Reports of another encode, or of one that has ended, are too late and change nothing."""
    match event:
        case reports.EncodePlanned():
            return start(encode, event)
        case reports.SourceGrown():
            return grown(encode, event)
        case reports.SourceWhole():
            return whole(encode, event)
        case reports.SourceGone():
            return gone(encode)
        case reports.CancelRequested():
            return stop(encode)
        case reports.DropRequested():
            return drop(encode, event)
        case _:
            return report(encode, event, at)


def report(encode: Encode, event: Report, at: Moment) -> Step[Encode]:
    """Accept what a worker reports of the running encode, or hand out what waited for another try."""
    plan = encode.plan
    if plan is None or encode.status != "running" or getattr(event, "encode_id", plan.encode_id) != plan.encode_id:
        return Step(encode)
    match event:
        case reports.SegmentsEncoded():
            return accept(encode, plan, chunk_part(event.chunk, event.codec), event.segments, 1)
        case reports.ChunkEncoded():
            part = chunk_part(event.chunk, event.codec)
            return advance(encode.with_announced(part, event.segments, event.concealed), plan, part)
        case reports.AudioEncoded():
            known = encode if event.total is None else encode.with_announced(event.track, event.total, event.concealed)
            return accept(known, plan, event.track, event.segments, len(event.segments))
        case reports.TextsExtracted():
            return finish(encode, plan, TEXTS, [reshape(event, facts.TextsAdded)])
        case reports.PicturesMade():
            return finish(encode, plan, PICTURES, [reshape(event, facts.ThumbnailsMade)])
        case reports.LadderMeasured():
            return trim(encode, plan, event)
        case reports.TaskFailed():
            return retry_or_give_up(encode, plan, event, at)
        case reports.SourceReturned():
            return go_on(encode, plan)
        case reports.SourceAwaited():
            return awaited(encode, plan, event)
        case Wake():
            due = encode.due(event.at)
            waiting = encode.without_retries(due)
            again = [task(plan, part, retry.attempt, waiting.dropped) for part, retry in due.items()]
            return Step(waiting, again, wake_at=waiting.next_retry())


def trim(encode: Encode, plan: reports.EncodePlanned, event: reports.LadderMeasured) -> Step[Encode]:
    """Leave out the rungs of slower passes that bring nothing, and say what that saves; too late once they run."""
    if not encode.in_hand(LADDER):
        return Step(encode)
    ladders = [[m for m in event.measured if m.rendition in names] for names in _ladders(plan)]
    dropped = [name for ladder in ladders for name in superfluous(ladder)]
    saved = saving(event.measured, dropped)
    told = {"dropped": dropped, "kbps": saved.kbps, "saved_kbps": saved.saved_kbps, "replaces": plan.replaces}
    trimmed = reshape(event, facts.LadderTrimmed, **told)
    return finish(encode.with_dropped(dropped), plan, LADDER, [trimmed])


def _ladders(plan: reports.EncodePlanned) -> list[list[str]]:
    return [[rung.name for rung in rungs_of(plan, one.codec)] for one in plan.passes]


def accept(
    encode: Encode, plan: reports.EncodePlanned, part: str, segments: tuple[reports.Segment, ...], count: int
) -> Step[Encode]:
    """Segments of a part as facts, those of dropped renditions left out; `count`: how many of its reports this is."""
    kept = [segment for segment in segments if segment.rendition not in encode.dropped]
    stored: list[Event] = [
        reshape(s, facts.SegmentStored, video_id=plan.video_id, encode_id=plan.encode_id) for s in kept
    ]
    return advance(encode.with_segments(kept).with_accepted(part, count), plan, part, stored)
