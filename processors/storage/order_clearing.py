"""Order that the store lets go of segments that nobody plays any more, told apart from those that follow by their age.

In:      encodes        (EncodeStarted, EncodeReplaced, RenditionDropped, SegmentsDiscarded, by video)
Out:     storage-tasks  (ClearRequested)
State:   since when an encode that is to take another's place is made, and up to when what it replaced was, or what was
         dropped; dropped when that is gone, or ninety days after the last event
Replay:  safe: time is the partition's clock, a task is named by what asks for it
"""

from __future__ import annotations

import msgspec

from schemas.encodes import EncodeReplaced, EncodeStarted, RenditionDropped, SegmentsDiscarded
from schemas.storage_tasks import ClearRequested
from streams.event import days, hours, natural_id
from streams.processor import Moment, State, Step, fold

MARGIN = hours(1)  # between the log's clock and the store's; what is younger is left to `playlog store orphans`
ALL = ""


class Clearing(State, frozen=True):
    """Times are ms of the partition's clock.

    `begun`: when each encode began that is to take another's place; `until`: before when the segments of an encode
    (of one of its renditions) were stored that are played no more.
    """

    begun: dict[str, int] = msgspec.field(default_factory=dict[str, int])
    until: dict[str, int] = msgspec.field(default_factory=dict[str, int])

    def step(self, *tasks: ClearRequested) -> Step[Clearing]:
        return Step(self if self.begun or self.until else None, tasks)


@fold(
    reads=[EncodeStarted, EncodeReplaced, RenditionDropped, SegmentsDiscarded],
    emits=ClearRequested,
    forget_after=days(90),
)
def order_clearing(
    clearing: Clearing, event: EncodeStarted | EncodeReplaced | RenditionDropped | SegmentsDiscarded, at: Moment
) -> Step[Clearing]:
    """Whatever an encode makes is stored anew, though it be the same: so what is older than it is of those before.

    Of an encode that failed beside another nothing is cleared: their segments are of one time.
    """
    begun, until = dict(clearing.begun), dict(clearing.until)
    match event:
        case EncodeStarted():
            begun |= {event.encode_id: at.clock} if event.replaces else {}
        case EncodeReplaced():
            if since := begun.pop(event.encode_id, None):
                until[_place(event.replaces, ALL)] = since
        case RenditionDropped():
            until[_place(event.encode_id, event.rendition)] = at.clock
        case SegmentsDiscarded():
            begun.pop(event.encode_id, None)
            known = {name: until.pop(_place(event.encode_id, name), None) for name in event.renditions or (ALL,)}
            tasks = [_task(event, name, when) for name, when in known.items() if when is not None]
            return Clearing(begun=begun, until=until).step(*tasks)
    return Clearing(begun=begun, until=until).step()


def _task(discarded: SegmentsDiscarded, rendition: str, when: int) -> ClearRequested:
    return ClearRequested(
        task_id=natural_id(discarded.event_id, "clear", rendition),
        video_id=discarded.video_id,
        rendition=rendition,
        before=when - MARGIN,
    )


def _place(encode_id: str, rendition: str) -> str:
    return f"{encode_id} {rendition}"
