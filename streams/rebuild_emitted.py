"""What a fold's next version would have emitted, held against what stands in the topics."""

from __future__ import annotations

from collections.abc import Mapping

from streams.codec import Codec
from streams.event import Event
from streams.letters import dead_letters
from streams.processor import Fold
from streams.rebuild_compare import SHOWN, Comparison
from streams.record import Record
from streams.rehearsal import kept
from streams.settings import Settings
from streams.tail import Tail
from streams.versions import Versions

Cause = tuple[str, str]  # the topic, and in the header of that name the place that an event follows from: no two share


async def compare_emitted(
    settings: Settings, codec: Codec, fold: Fold, versions: Versions, reached: Mapping[int, int], compacted: set[str]
) -> Comparison:
    """Events that follow from offsets below `reached`, by partition. Memory grows with their number.

    Of a compacted topic only what still stands in it is compared. Raises KafkaError.
    """
    expected: dict[Cause, int] = {}
    async for one in kept(settings, codec, versions, fold.name):
        if one.topic != dead_letters(fold.name) and _follows(fold, one.record, reached):
            expected[one.topic, one.record.text("cause")] = _digest(one.record, one.event)
    found = Comparison(f"{fold.name} (events)", next=len(expected), different=0)
    topics = {event.topic for event in fold.emits}
    async for recorded in Tail(settings, codec).until_now(sorted(topics), controls=True):
        cause = (recorded.position.topic, recorded.record.text("cause"))
        if _follows(fold, recorded.record, reached):
            found.former += 1
            if expected.pop(cause, None) != _digest(recorded.record, recorded.event):
                _differs(found, cause)
    for cause in expected:
        if cause[0] in compacted:
            found.next -= 1
        else:
            _differs(found, cause)
    return found


def _follows(fold: Fold, record: Record, reached: Mapping[int, int]) -> bool:
    processor, _, place = record.text("cause").partition("/")
    if processor != fold.name:
        return False
    _, _, partition, offset, _ = place.split("/")
    return int(offset) < reached.get(int(partition), 0)


def _digest(record: Record, event: Event | None) -> int:
    """Of the event as it is read, whatever schema wrote it."""
    return hash((record.key, repr(event)))


def _differs(found: Comparison, cause: Cause) -> None:
    found.different += 1
    if len(found.differences) < SHOWN:
        found.differences.append(f"{cause[0]}: what follows from {cause[1]} differs")
