"""Dead letters of the next version: where its code rejects or takes other events than the former's, it is said now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from streams.letters import Place, dead_letters, letter
from streams.platform import Platform
from streams.rebuild_run import Building
from streams.record import Outgoing, Record
from streams.rehearsal import kept
from streams.resolutions import Letter, read_letter, unresolved
from streams.tail import Tail


async def settle(
    platform: Platform,
    at_work: Building,
    positions: Mapping[tuple[str, str, int], int],
    tell: Callable[[str], object],
) -> None:
    """Make the dead letters of each processor those of the next version, as far as that has come. Repeatable."""
    for one in at_work.unit.processors:
        topic = dead_letters(one.name)
        unsent = kept(platform.settings, at_work.context.codec, at_work.versions, one.name)
        mine = [each.record async for each in unsent if each.topic == topic]
        theirs = [r.record async for r in Tail(platform.settings, at_work.context.codec).until_now([topic])]
        reached = {place[1:]: next_ for place, next_ in positions.items() if place[0] == one.name}
        told = differing(mine, theirs, reached)
        if told:
            await at_work.context.send(told)
            tell(f"{one.name}: {len(told)} dead letters differ from the former version's, see playlog dlq list")


def differing(
    mine: Sequence[Record], theirs: Sequence[Record], reached: Mapping[tuple[str, int], int]
) -> list[Outgoing]:
    """The letters that make of the former version's those of the next one, which has read up to `reached`."""
    next_, former = _waiting(mine), _waiting(theirs)
    posted = [
        Outgoing(dead_letters(one.processor), record.key, record.value, record.headers)
        for place, (one, record) in next_.items()
        if place not in former or former[place][0].fate != one.fate
    ]
    taken = [
        letter(Place(one.processor, one.version, one.topic, one.record.partition), one.record, "replayed")
        for place, (one, _) in former.items()
        if place not in next_ and one.record.offset < reached.get((one.topic, one.record.partition), 0)
    ]
    return [*posted, *taken]


def _waiting(records: Sequence[Record]) -> dict[tuple[str, int, int, int | None], tuple[Letter, Record]]:
    """By what they are about: the letters that wait, each as read and as it stands."""
    raw = {
        id(read): (read, record)
        for record in records
        for read in [read_letter(record.key, record.value, record.headers)]
    }
    return {one.place: raw[id(one)] for one in unresolved(read for read, _ in raw.values())}
