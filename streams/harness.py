"""Try a processor without a broker: bytes in, bytes out, a controlled clock, batches and restarts at will."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import msgspec

from streams.catalogue import Catalogue
from streams.codec import Codec, Undecodable
from streams.event import Event, Tombstone, natural_id
from streams.in_memory import MemoryFold, MemoryView, catalogue_of, codec_of
from streams.letters import dead_letters
from streams.owners import Owners
from streams.processor import Fold, State, Tally, View
from streams.record import TICK, Outgoing, Record
from streams.sinks import Placed
from streams.tables import Write
from streams.topology import Rejected, Row, Topology, rows

__all__ = ["Outcome", "Rejected", "Topology", "run"]


@dataclass
class Outcome:
    """What came of a run. Two runs over the same log are equal, however it was cut."""

    emitted: list[Event] = field(default_factory=list[Event])
    erased: list[Tombstone] = field(default_factory=list[Tombstone])
    states: dict[str, State] = field(default_factory=dict[str, State])
    rows: dict[str, list[Row]] = field(default_factory=dict[str, list[Row]])
    dead: list[Outgoing] = field(default_factory=list[Outgoing])
    writes: list[Write] = field(default_factory=list[Write], compare=False)  # fewer, the larger the batches


def run(
    processor: Fold | Tally | View,
    events: Iterable[Event | int | Outgoing],
    *,
    cuts: Iterable[int] = (),
    restarts: Iterable[int] = (),
    clock: int = 0,
    catalogue: Catalogue | None = None,
) -> Outcome:
    """Run a processor over a log: events, and between them numbers: so many ms in which nothing happens.

    An `Outgoing` stands in the log as it is: a replay of a dead letter, or bytes that are no event.

    `cuts` are the places in the list where a new batch begins. At a place in `restarts` the worker dies after
    having worked on the next batch but before committing it, and another one goes on from the changelog.
    """
    known = catalogue or catalogue_of([processor])
    codec = codec_of(known)
    records = list(_records(events, codec, clock))
    dying = set(restarts)
    batches = list(_batches(records, {*cuts, *dying}))
    if isinstance(processor, Fold | Tally):
        return _state(MemoryFold(processor, known, codec), batches, dying, codec)
    return _view(processor, batches, dying, codec)


def _records(events: Iterable[Event | int | Outgoing], codec: Codec, clock: int) -> Iterator[Record]:
    for offset, event in enumerate(events):
        if isinstance(event, int):
            clock += event
            yield Record(0, offset, clock, b"", None, ((TICK, b""),))
            continue
        if isinstance(event, Outgoing):
            yield Record(0, offset, clock, event.key, event.value, event.headers)
            continue
        named = msgspec.structs.replace(
            event,
            event_id=event.event_id or natural_id("given", offset),
            occurred_at=event.occurred_at or clock,
        )
        yield Record(0, offset, clock, named.partition_key.encode(), codec.encode(named))


def _batches(records: Sequence[Record], cuts: set[int]) -> Iterator[Sequence[Record]]:
    places = sorted({0, len(records), *(cut for cut in cuts if 0 < cut < len(records))})
    for start, end in pairwise(places):
        yield records[start:end]


def _state(memory: MemoryFold, batches: Sequence[Sequence[Record]], dying: set[int], codec: Codec) -> Outcome:
    outcome = Outcome()
    placed: list[Placed] = []
    for records in batches:
        if records[0].offset in dying:
            placed += memory.plan(records).rows
            memory.restart()
        batch = memory.take(records)
        placed += batch.rows
        for sent in batch.outgoing:
            _sort(sent, memory.processor, codec, outcome)
    if (table := memory.processor.into) is not None:
        outcome.rows = {table.name: list(rows(placed, table).values())}
    outcome.states = memory.states()
    return outcome


def _sort(sent: Outgoing, processor: Fold | Tally, codec: Codec, outcome: Outcome) -> None:
    if sent.topic == dead_letters(processor.name) or not isinstance(processor, Fold):
        outcome.dead.append(sent)
    elif sent.value is None:
        of = next(event for event in processor.emits if event.topic == sent.topic)
        outcome.erased.append(Tombstone(of, (sent.key or b"").decode()))
    else:
        outcome.emitted.append(codec.decode(sent.value))


def _view(view: View, batches: Sequence[Sequence[Record]], dying: set[int], codec: Codec) -> Outcome:
    """Events of several topics are given in one list: each stands in its own topic, in the list's order."""
    memory: dict[str, MemoryView] = {}
    owners, outcome = Owners(), Outcome()
    placed: list[Placed] = []
    topics: dict[str, str] = {event.__name__: event.topic for event in view.reads}
    for records in batches:
        for topic in dict.fromkeys(topics.values()):
            mine = [r for r in records if _topic(codec, topics, r) in (topic, None)]
            if not mine:
                continue
            core = memory.setdefault(topic, MemoryView(view, topic, codec, owners))
            if records[0].offset in dying:
                placed += core.take(mine).writes  # confirmed, but the position was not published
            batch = core.take(mine)
            placed += batch.writes
            outcome.dead += batch.letters
    outcome.writes = [p.write for p in placed]
    outcome.rows = {target.name: list(rows(placed, target).values()) for target in view.into}
    return outcome


def _topic(codec: Codec, topics: dict[str, str], record: Record) -> str | None:
    """Where a given event stands; None for what every topic gets: ticks, replays, bytes that are no event."""
    try:
        return None if record.value is None else topics.get(codec.name(record.value))
    except Undecodable:
        return None
