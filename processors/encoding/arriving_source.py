"""How an encode goes on while its source is still arriving: a part is handed out when what it needs is there. Pure.

How much of the file a chunk needs is guessed by its share of the time. A task that runs into what is not there yet
says so, and is handed out again when that has come. What it has made until then counts.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from processors.encoding.encode_stages import finish
from processors.encoding.encode_state import Encode
from processors.encoding.encode_tasks import ARRIVAL, AUDIO, PICTURES, level_ms, task
from schemas.encode_reports import EncodePlanned, SourceAwaited, SourceGrown, SourceWhole, TaskFailed
from schemas.encodes import EncodeCancelled, SegmentsDiscarded
from streams.event import Event
from streams.held_parts import Held
from streams.processor import Step
from streams.reshape import reshape

MARGIN = 2 << 20  # bytes that sound and pictures of one moment may lie apart, and no more than a task asks ahead
AGAIN = 1.5  # sound is encoded from its beginning each time: after so many times what there was


def there(plan: EncodePlanned) -> int:
    """How many bytes can be read from the first one on; more than there are when the source is whole."""
    if not plan.part_size:
        return plan.size + 1
    return min(plan.size, Held(plan.held_parts).leading * plan.part_size)


def needs(plan: EncodePlanned, part: str) -> int:
    """How many bytes must be there before a part is worth a try."""
    if part in (PICTURES, ARRIVAL):
        return plan.size + 1  # of pictures all: they are taken all over the video
    end_ms = level_ms(plan) if part == AUDIO else plan.chunks[int(part.rpartition("-")[2])].end_ms
    share = 1 if end_ms is None else end_ms / max(plan.duration_ms, 1)
    return min(plan.size, int(plan.size * share) + MARGIN)


def handed_out(encode: Encode, plan: EncodePlanned, wanted: Iterable[str]) -> tuple[Encode, list[Event]]:
    """The tasks of all parts whose needs are met; the others wait."""
    if not plan.arriving:
        return encode, [task(plan, part, 1) for part in wanted]
    return resumed(encode.to(awaiting={part: needs(plan, part) for part in wanted}), plan)


def resumed(encode: Encode, plan: EncodePlanned) -> tuple[Encode, list[Event]]:
    """The tasks of what has waited for what is there now."""
    due = [part for part, enough in encode.awaiting.items() if enough <= there(plan)]
    waiting = {part: enough for part, enough in encode.awaiting.items() if part not in due}
    tasks = [task(plan, part, 1 + encode.tried.get(part, 0), encode.dropped) for part in due if part != ARRIVAL]
    return encode.to(awaiting=waiting), tasks


def grown(encode: Encode, event: SourceGrown) -> Step[Encode]:
    """More is there. It may be known before there is a plan."""
    plan = encode.plan
    if plan is None or encode.status != "running" or not plan.part_size:
        return Step(encode.to(arriving=event))
    more = with_parts(plan, event)
    after, asked = resumed(encode.to(arriving=event, plan=more), more)
    return Step(after, asked)


def with_parts(plan: EncodePlanned, event: SourceGrown) -> EncodePlanned:
    return msgspec.structs.replace(
        plan, part_size=event.part_size, held_parts=event.held_parts, parts_digest=event.parts_digest
    )


def whole(encode: Encode, event: SourceWhole) -> Step[Encode]:
    """All is there, in one object: what has waited goes on with that."""
    plan = encode.plan
    if plan is None or encode.status != "running" or not plan.part_size:
        return Step(encode)
    all_of_it = msgspec.structs.replace(plan, part_size=0, held_parts=(), parts_digest="", etag=event.etag)
    after, asked = resumed(encode.to(arriving=None, plan=all_of_it), all_of_it)
    return finish(after, all_of_it, ARRIVAL, asked)


def gone(encode: Encode) -> Step[Encode]:
    """It will never be whole: what was made of it is thrown away, and nothing starts any more."""
    cancelled = [reshape(encode.plan, EncodeCancelled)] if encode.plan and encode.status == "running" else []
    return Step(Encode(status="cancelled"), [*cancelled, *thrown_away(encode)], wake_at=None)


def thrown_away(encode: Encode) -> list[Event]:
    """What is said of an encode that is going on, if it goes on no more: nobody lists its segments any longer."""
    running = encode.plan if encode.status == "running" else None
    return [reshape(running, SegmentsDiscarded)] if running else []


def gives_way(encode: Encode, plan: EncodePlanned) -> bool:
    """Whether the encode is of parts of which the source was not made in the end, and another plan is of the source."""
    return encode.plan is not None and encode.plan.part_size > 0 and not plan.arriving


def awaited(encode: Encode, plan: EncodePlanned, event: SourceAwaited) -> Step[Encode]:
    """A task met the end of what was there when it was handed out; more may be there by now."""
    if not encode.in_hand(event.part):
        return Step(encode)
    after, asked = resumed(encode.to(awaiting={**encode.awaiting, event.part: _enough(plan, event)}), plan)
    return Step(after, asked)


def tried(encode: Encode, plan: EncodePlanned, failure: TaskFailed) -> Encode:
    """Remembers a failure: who waits for more afterwards is handed out as the next try, whose failure is another."""
    return encode.to(tried={**encode.tried, failure.part: failure.attempt}) if plan.arriving else encode


def only_whole(encode: Encode, plan: EncodePlanned, part: str) -> Step[Encode]:
    """A worker of a version that knows no parts has looked for the object that they become: the part waits for that."""
    after, asked = resumed(encode.to(awaiting={**encode.awaiting, part: plan.size + 1}), plan)
    return Step(after, asked)


def _enough(plan: EncodePlanned, event: SourceAwaited) -> int:
    if event.offset >= plan.size:
        return plan.size + 1  # the parts are not what they were: only the whole will do
    return min(plan.size, int(event.offset * AGAIN)) if event.part == AUDIO else event.offset + 1
