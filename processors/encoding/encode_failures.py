"""What becomes of an encode of which a task failed: another try, a rung less, a codec less, or its end. Pure.

One that is to take another's place may lack what can not be made of its source at all. What else fails ends it, and the
other stays: a worker's bad day takes nothing from a video that has it.
"""

from __future__ import annotations

import msgspec

from processors.encoding.arriving_source import only_whole, tried
from processors.encoding.encode_source import LONGEST, NOT_RESTORED, SOURCE_ARCHIVED, look_again, wait_for_source
from processors.encoding.encode_stages import finish, next_stage
from processors.encoding.encode_state import Encode, Retry
from processors.encoding.encode_tasks import (
    LADDER,
    PICTURES,
    SOUNDS,
    SOURCE,
    TEXTS,
    codec_of,
    rungs_of,
    stage_of,
    task,
)
from processors.encoding.time_limits import tries
from processors.media.tracks import FIRST_CODEC
from processors.retries import ATTEMPTS, pause
from schemas.encode_reports import EncodePlanned, TaskFailed
from schemas.encodes import EncodeFailed, RenditionFailed
from streams.event import Event
from streams.processor import Moment, Step
from streams.reshape import reshape

SOURCE_CHANGED = "source_changed"  # it is not there, or is another
TOO_DEMANDING = "too_demanding"  # more than a task may use: fewer rungs may do
LOST = (SOURCE_CHANGED, NOT_RESTORED)  # the source is not there: nothing is known of what could be made of it
OPTIONAL = (PICTURES, LADDER, TEXTS)  # a video may lack a poster and texts, and a ladder be left as it is


def retry_or_give_up(encode: Encode, plan: EncodePlanned, failure: TaskFailed, at: Moment) -> Step[Encode]:
    """Another try after a pause; then the part is given up.

    A part that is done stays done, whatever a second run of its task came to. An archived source is waited for.
    """
    if failure.part == SOURCE:
        over = failure.permanent or failure.attempt - encode.restored >= LONGEST
        return _without_source(encode, plan, failure, at) if over else look_again(encode, failure, at)
    if not encode.in_hand(failure.part):
        return Step(encode)
    encode = tried(encode, plan, failure)
    if failure.code == SOURCE_CHANGED and plan.arriving and failure.attempt < ATTEMPTS:
        return only_whole(encode, plan, failure.part)
    if failure.code == SOURCE_ARCHIVED:
        return wait_for_source(encode, plan, failure)
    if _outdated(encode, failure):
        return _ask(encode, plan, failure)
    if not failure.permanent and failure.attempt < tries(failure.code):
        retry = Retry(failure.attempt + 1, at.clock + pause(min(failure.attempt, ATTEMPTS)))
        waiting = encode.with_retry(failure.part, retry)
        return Step(waiting, wake_at=waiting.next_retry())
    if failure.part in OPTIONAL:
        return finish(encode, plan, failure.part)
    if plan.replaces is not None and (not failure.permanent or failure.code in LOST):
        return _failed(encode, plan, failure, list(failure.rungs))
    if stage_of(failure.part) == SOUNDS:
        after, said = _dropped(encode, plan, failure, [failure.part])
        return finish(after, plan, failure.part, said)
    return _without_a_rung(encode, plan, failure)


def _without_source(encode: Encode, plan: EncodePlanned, failure: TaskFailed, at: Moment) -> Step[Encode]:
    """It did not come back: all that waits for it is given up, as if each part had failed for good."""
    after, said = encode.to(waiting={}), list[Event]()
    for part in encode.waiting:
        if after.status == "running":
            lost = msgspec.structs.replace(failure, part=part, code=NOT_RESTORED, permanent=True)
            step = retry_or_give_up(after, plan, lost, at)
            after, said = step.state or after, [*said, *step.emit]
    return Step(after, said, wake_at=after.next_retry())


def _outdated(encode: Encode, failure: TaskFailed) -> bool:
    """Whether the task was handed out with a rung that is given up since: all chunks go out at once, and what is too
    much for one is too much for its neighbours, which must not cost a rung more each."""
    blamed = [failure.rung] if failure.rung else failure.rungs
    return any(name in encode.dropped for name in blamed)


def _without_a_rung(encode: Encode, plan: EncodePlanned, failure: TaskFailed) -> Step[Encode]:
    """The rung that failed is given up, or the highest where none is named: the costliest. The others go on."""
    codec = codec_of(failure.part) or ""
    left = [rung.name for rung in rungs_of(plan, codec, encode.dropped)]
    hopeless = failure.permanent and failure.code != TOO_DEMANDING  # the source's fault: all rungs would find it
    given_up = left if hopeless else [failure.rung or left[-1]] if left else []
    if codec == FIRST_CODEC and len(given_up) < len(left):
        after, said = _dropped(encode, plan, failure, given_up)
        return _ask(after, plan, failure, said)
    if codec in ("", FIRST_CODEC):
        return _failed(encode, plan, failure, left)
    after, said = _dropped(encode, plan, failure, given_up)
    if rungs_of(plan, codec, after.dropped):
        return _ask(after, plan, failure, said)
    return next_stage(after, plan, said)


def _dropped(encode: Encode, plan: EncodePlanned, failure: TaskFailed, names: list[str]) -> tuple[Encode, list[Event]]:
    after = encode.with_dropped(names)
    return after, [
        reshape(
            plan,
            RenditionFailed,
            rendition=name,
            part=failure.part,
            code=failure.code,
            reason=failure.error,
            dropped=after.dropped,
        )
        for name in names
    ]


def _ask(encode: Encode, plan: EncodePlanned, failure: TaskFailed, said: list[Event] | None = None) -> Step[Encode]:
    """At once, with the rungs that are left: the part was tried often enough, the next failure costs the next rung."""
    again = task(plan, failure.part, failure.attempt + 1, encode.dropped)
    return Step(encode.without_retries([failure.part]), [*(said or []), again])


def _failed(encode: Encode, plan: EncodePlanned, failure: TaskFailed, left: list[str]) -> Step[Encode]:
    what = f"{failure.part} ({', '.join(left)})" if left else failure.part
    reason = f"{what} could not be encoded: {failure.error}"
    failed = reshape(plan, EncodeFailed, code=failure.code, reason=reason)
    return Step(encode.to(status="failed"), [failed], wake_at=None)
