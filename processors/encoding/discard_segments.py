"""Say when segments that are listed no more may go: a day later, for players go on with the manifest that they have.

In:      encodes  (EncodeReplaced, RenditionDropped, EncodeFailed, by video)
Out:     encodes  (SegmentsDiscarded)
State:   what waits for its day
Replay:  safe: time is the partition's clock
"""

from __future__ import annotations

import msgspec

from schemas.encodes import EncodeFailed, EncodeReplaced, RenditionDropped, SegmentsDiscarded
from streams.event import Wake, days
from streams.processor import Moment, State, Step, fold

GRACE = days(1)


class Waiting(msgspec.Struct, frozen=True):
    """Of which encode, and of which renditions (none named: all), until when (ms of the partition's clock)."""

    encode_id: str
    renditions: tuple[str, ...]
    due: int


class Discards(State, frozen=True):
    """In the order in which they are due."""

    waiting: tuple[Waiting, ...] = ()


@fold(reads=[EncodeReplaced, RenditionDropped, EncodeFailed], emits=SegmentsDiscarded)
def discard_segments(
    discards: Discards, event: EncodeReplaced | RenditionDropped | EncodeFailed | Wake, at: Moment
) -> Step[Discards]:
    """What was never listed goes at once: all of an encode that failed beside another."""
    match event:
        case EncodeReplaced():
            return _wait(discards, Waiting(event.replaces, (), at.clock + GRACE))
        case RenditionDropped():
            return _wait(discards, Waiting(event.encode_id, (event.rendition,), at.clock + GRACE))
        case EncodeFailed():
            gone = (
                [] if event.replaces is None else [_discarded(event.video_id, Waiting(event.encode_id, (), at.clock))]
            )
            return Step(discards, gone)
        case Wake():
            left = tuple(one for one in discards.waiting if one.due > event.at)
            gone = [_discarded(event.key, one) for one in discards.waiting if one not in left]
            return Step(Discards(waiting=left) if left else None, gone, wake_at=left[0].due if left else None)


def _wait(discards: Discards, one: Waiting) -> Step[Discards]:
    waiting = (*discards.waiting, one)
    return Step(Discards(waiting=waiting), wake_at=waiting[0].due)


def _discarded(video_id: str, one: Waiting) -> SegmentsDiscarded:
    return SegmentsDiscarded(video_id=video_id, encode_id=one.encode_id, renditions=one.renditions)
