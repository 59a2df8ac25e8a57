"""Try a processor without a broker: bytes in, bytes out, a controlled clock, batches and restarts at will."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from streams.catalogue import Catalogue
from streams.codec import Codec
from streams.event import Event, Tombstone
from streams.given import EVERY, Given, batches, partitions
from streams.in_memory import MemoryFold, MemoryView, catalogue_of, codec_of
from streams.letters import dead_letters
from streams.owners import Owners
from streams.processor import Fold, State, Tally, View
from streams.record import Outgoing, Record
from streams.recording import Recording, Taken
from streams.sinks import Placed
from streams.tables import Write
from streams.topology import Rejected, Row, Topology, rows

__all__ = ["Outcome", "Recording", "Rejected", "Topology", "run"]

Batches = Sequence[tuple[int, Sequence[Taken]]]


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
    log: Given,
    *,
    cuts: Iterable[int] = (),
    restarts: Iterable[int] = (),
    clock: int = 0,
    catalogue: Catalogue | None = None,
) -> Outcome:
    """Run a processor over a log: events, and between them numbers: so many ms in which nothing happens.

    An `Outgoing` stands in the log as it is: a replay of a dead letter, or bytes that are no event. Instead of a list
    a `Recording` of what really happened can be run: its topics that the processor reads, partition after partition,
    in their places and at their times. A state begins empty where the recording does.

    `cuts` are the places in a partition's list where a new batch begins. At a place in `restarts` the worker dies
    after having worked on the next batch but before committing it, and another one goes on from the changelog.
    """
    known = catalogue or catalogue_of([processor])
    codec = codec_of(known)
    topics = list(dict.fromkeys(event.topic for event in processor.reads))
    dying, outcome, placed = set(restarts), Outcome(), list[Placed]()
    owners = Owners()
    for lot in partitions(log, topics, codec, clock):
        cut = list(batches(lot, {*cuts, *dying}))
        if isinstance(processor, View):
            placed += _view(processor, owners, cut, dying, codec, outcome)
        else:
            number = lot[0].record.partition if lot else 0
            placed += _state(MemoryFold(processor, known, codec, number), cut, dying, codec, outcome)
    shown = processor.into if isinstance(processor, View) else [processor.into] if processor.into else []
    outcome.rows = {target.name: list(rows(placed, target).values()) for target in shown}
    outcome.writes = [p.write for p in placed] if isinstance(processor, View) else []
    return outcome


def _state(memory: MemoryFold, given: Batches, dying: set[int], codec: Codec, outcome: Outcome) -> Iterator[Placed]:
    for start, lot in given:
        records = [taken.record for taken in lot]
        if start in dying:
            yield from memory.plan(records).rows
            memory.restart()
        batch = memory.take(records)
        yield from batch.rows
        for sent in batch.outgoing:
            _sort(sent, memory.processor, codec, outcome)
    outcome.states |= memory.states()


def _sort(sent: Outgoing, processor: Fold | Tally, codec: Codec, outcome: Outcome) -> None:
    if sent.topic == dead_letters(processor.name) or not isinstance(processor, Fold):
        outcome.dead.append(sent)
    elif sent.value is None:
        of = next(event for event in processor.emits if event.topic == sent.topic)
        outcome.erased.append(Tombstone(of, (sent.key or b"").decode()))
    else:
        outcome.emitted.append(codec.decode(sent.value))


def _view(
    view: View, owners: Owners, given: Batches, dying: set[int], codec: Codec, outcome: Outcome
) -> Iterator[Placed]:
    """Events of several topics are given in one list: each stands in its own topic, in the list's order."""
    memory = {topic: MemoryView(view, topic, codec, owners) for topic in dict.fromkeys(e.topic for e in view.reads)}
    for start, lot in given:
        for topic, core in memory.items():
            mine: list[Record] = [taken.record for taken in lot if taken.topic in (topic, EVERY)]
            if not mine:
                continue
            if start in dying:
                yield from core.take(mine).writes  # confirmed, but the position was not published
            batch = core.take(mine)
            yield from batch.writes
            outcome.dead += batch.letters
