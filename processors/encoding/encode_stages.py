"""How an encode goes on: a part is done, a rendition, a stage, the next one, all of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from processors.encoding.encode_state import Encode
from processors.encoding.encode_tasks import (
    AUDIO,
    LADDER,
    SOUNDS,
    TEXTS,
    at_first,
    codec_of,
    following,
    later_sounds,
    rungs_of,
    stage_of,
    stages,
    task,
    tracks_of,
)
from processors.media.tracks import FIRST_CODEC
from schemas import encodes as facts
from schemas.encode_reports import EncodePlanned
from streams.event import Event
from streams.processor import Step
from streams.reshape import reshape


def advance(encode: Encode, plan: EncodePlanned, part: str, emit: Sequence[Event] = ()) -> Step[Encode]:
    """Finish a part once everything its worker announced is accepted: reports may come in any order."""
    if not encode.in_hand(part) or not encode.has_all(part):
        return Step(encode, emit)
    return finish(encode, plan, part, emit)


def finish(encode: Encode, plan: EncodePlanned, part: str, first: Sequence[Event] = ()) -> Step[Encode]:
    """Mark a part done; `first`, then the renditions this completes, then what follows if its stage is over."""
    if not encode.in_hand(part):
        return Step(encode, first)
    before, after = encode, encode.with_done(part).without_retries([part])
    completed = renditions(after, plan, part, newly=after.chunks_done() and not before.chunks_done())
    after = after.with_complete(completed)
    emit = [*first, *(_rendition_completed(after, plan, name) for name in completed)]
    if not after.complete:
        more = following(plan, stages(plan)[after.stage], len(after.done))
        asked = [task(plan, part, 1, after.dropped) for part in more]
        return Step(after, [*emit, *asked], wake_at=after.next_retry())
    return next_stage(after, plan, emit)


def renditions(encode: Encode, plan: EncodePlanned, part: str, newly: bool) -> list[str]:
    """The renditions that `part` was the last to complete; `newly`: the stage's chunks are all there since it."""
    if part == AUDIO or (stage_of(part) == SOUNDS and part != TEXTS and part not in encode.dropped):
        return [part]
    codec = codec_of(part) if newly else None
    return [rung.name for rung in rungs_of(plan, codec, encode.dropped)] if codec else []


def next_stage(encode: Encode, plan: EncodePlanned, emit: Sequence[Event] = ()) -> Step[Encode]:
    """Say what the running stage came to, and hand out the next that has something to make."""
    over = stages(plan)[encode.stage]
    names = _added_by(encode, plan, over)
    after = encode.to(added=(*encode.added, *names))
    said = _said(after, plan, over, bool(names)) if plan.replaces is None else []
    for index in range(encode.stage + 1, len(stages(plan))):
        stage = stages(plan)[index]
        if stage in (LADDER, SOUNDS) or rungs_of(plan, stage, encode.dropped):
            asked = [task(plan, part, 1, encode.dropped) for part in at_first(plan, stage)]
            return Step(after.at_stage(index), [*emit, *said, *asked], wake_at=None)
    ended = [] if plan.replaces is None else [_encode_replaced(after, plan)]
    return Step(after.to(status="completed"), [*emit, *said, *ended], wake_at=None)


def _said(encode: Encode, plan: EncodePlanned, over: str, added: bool) -> list[Event]:
    """What a stage of a video's first encode adds to it. One that is to take another's place adds all at its end."""
    if over == FIRST_CODEC:
        return [_encode_completed(encode, plan)]
    counts = {n: encode.counts[n] for n in encode.added if n in encode.counts}  # older states have none
    return [reshape(plan, facts.TracksAdded, tracks=encode.added, counts=counts)] if added else []


def _added_by(encode: Encode, plan: EncodePlanned, stage: str) -> list[str]:
    """The tracks that a stage has made once the video plays."""
    if stage in (FIRST_CODEC, LADDER):
        return []
    if stage == SOUNDS:
        return [track.name for track in later_sounds(plan) if track.name not in encode.dropped]
    return [rung.name for rung in rungs_of(plan, stage, encode.dropped)]


def _rendition_completed(encode: Encode, plan: EncodePlanned, name: str) -> Event:
    return reshape(plan, facts.RenditionCompleted, rendition=name, segments=encode.segments.get(name, 0))


def _encode_completed(encode: Encode, plan: EncodePlanned) -> Event:
    return reshape(plan, facts.EncodeCompleted, **_ended(encode, plan))


def _encode_replaced(encode: Encode, plan: EncodePlanned) -> Event:
    rungs = [rung.name for rung in rungs_of(plan, FIRST_CODEC, encode.dropped)]
    there = [track for track in tracks_of(plan) if track.name in encode.counts]
    audio = plan.audio_stream is not None
    return reshape(plan, facts.EncodeReplaced, **_ended(encode, plan), rungs=rungs, audio=audio, tracks=there)


def _ended(encode: Encode, plan: EncodePlanned) -> dict[str, object]:
    """What is told of an encode that is complete, or of its start."""
    rungs = [rung.name for rung in reversed(rungs_of(plan, FIRST_CODEC, encode.dropped))]
    return {
        "duration_ms": encode.end_ms,
        "renditions": rungs + ([AUDIO] if plan.audio_stream is not None else []),
        "codecs": list(dict.fromkeys(track.codec for track in tracks_of(plan) if track.kind == "video")),
        "concealed": encode.concealed,
        "counts": encode.counts,
    }
