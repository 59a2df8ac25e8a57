"""Several processors together on one in-memory log, with a clock that the test moves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from streams.catalogue import Catalogue
from streams.event import Event, natural_id
from streams.given import event_record
from streams.in_memory import MemoryFold, MemoryView, catalogue_of, codec_of
from streams.owners import Owners
from streams.partitions import partition_of
from streams.processor import Fold, Processor, Tally, View
from streams.record import TICK, Headers, Outgoing, Record
from streams.recording import Recording
from streams.sinks import Placed
from streams.tables import Index, Table
from streams.turns import RoundRobin, Turn

Row = dict[str, Any]


class Rejected(AssertionError):
    """A processor rejected an event, which the test had not announced."""


class Topology:
    """Folds, tallies and views run at once on what is posted and on what follows from it. Works are the test's part:
    it looks for tasks in `log(topic)` and posts their reports.
    """

    def __init__(
        self,
        processors: Sequence[Processor],
        clock: int = 0,
        catalogue: Catalogue | None = None,
        rejects: bool = False,
        partitions: int = 1,
        turns: Callable[[Sequence[int]], Turn] | None = None,
    ) -> None:
        """`clock` in ms since 1970. With `rejects`, dead letters are collected in `dead` instead of raised.

        Topics have as many `partitions`. `turns` is told how many records wait for each reader (of one partition of
        one topic for one processor), some for at least one, and says whose turn it is; without it they take turns.
        """
        known = catalogue or catalogue_of(processors)
        self.clock = clock
        self.dead: list[Outgoing] = []
        self.placed: list[Placed] = []
        self._codec = codec_of(known)
        self._rejects = rejects
        self._logs = {name: [list[Record]() for _ in range(partitions)] for name in known.topics}
        self._turns = turns or RoundRobin()
        owners, numbers = Owners(), range(partitions)
        self._stateful = [
            MemoryFold(p, known, self._codec, n) for p in processors if isinstance(p, Fold | Tally) for n in numbers
        ]
        self._views = [
            MemoryView(p, topic, self._codec, owners, number)
            for p in processors
            if isinstance(p, View)
            for topic in dict.fromkeys(event.topic for event in p.reads)
            for number in numbers
        ]

    def post(self, *events: Event) -> None:
        """Put events on their topics, and run everything that follows from them. Raises Rejected."""
        for event in events:
            number = sum(map(len, self._logs[event.topic]))
            named = event_record(event, self._codec, self.clock, 0, 0, natural_id("posted", event.topic, number))
            assert named.key is not None
            self._append(event.topic, named.key, named.value, (("correlation-id", named.key),))
        self._run()

    def play(self, recording: Recording) -> None:
        """Post what was recorded, each record at its time: the clock goes along, and timers fire in between."""
        recording.teach(self._codec)
        for taken in recording.in_order():
            self.advance(max(0, taken.record.timestamp - self.clock))
            self._append(taken.topic, taken.record.key, taken.record.value, taken.record.headers)
            self._run()

    def advance(self, ms: int) -> None:
        """Let time pass; timers fire when they are due, each in its turn."""
        end = self.clock + ms
        while due := [
            (at, one.topic, one.partition) for one in self._stateful if (at := one.due) is not None and at <= end
        ]:
            at, topic, partition = min(due)
            self.clock = max(self.clock, at)
            self._append(topic, b"", None, ((TICK, b""),), partition)
            self._run()
        self.clock = end

    def log(self, topic: str) -> list[Event]:
        """All events of a topic, each partition in order."""
        records = [record for partition in self._logs[topic] for record in partition]
        return [self._codec.decode(record.value) for record in records if record.value is not None]

    def states(self, fold: Fold) -> dict[str, Any]:
        """What a fold remembers, by key."""
        parts = [memory.states() for memory in self._stateful if memory.processor is fold]
        return {key: state for part in parts for key, state in part.items()}

    def state(self, fold: Fold, key: str) -> Any:
        """What a fold remembers of a key, or None."""
        return self.states(fold).get(key)

    def rows(self, target: Table | Index) -> list[Row]:
        """The rows or documents of a view, in the order of their keys."""
        return list(rows(self.placed, target).values())

    def _append(
        self, topic: str, key: bytes | None, value: bytes | None, headers: Headers = (), partition: int | None = None
    ) -> None:
        parts = self._logs[topic]
        number = partition_of(key or b"", len(parts)) if partition is None else partition
        parts[number].append(Record(number, len(parts[number]), self.clock, key, value, headers))

    def _run(self) -> None:
        """Turn by turn until nobody has anything left to read."""
        readers = [*self._stateful, *self._views]
        while any(waiting := [len(self._log_of(reader)) - reader.next for reader in readers]):
            turn = self._turns(waiting)
            reader = readers[turn.reader]
            self._take(reader, self._log_of(reader)[reader.next :][: turn.records], turn.dies)

    def _log_of(self, reader: MemoryFold | MemoryView) -> list[Record]:
        return self._logs[reader.topic][reader.partition]

    def _take(self, reader: MemoryFold | MemoryView, records: Sequence[Record], dies: bool) -> None:
        if isinstance(reader, MemoryView):
            written = reader.take(records)
            self.placed += written.writes * (2 if dies else 1)  # confirmed, but the position was not published
            self._emit(written.letters)
            return
        if dies:
            self.placed += reader.plan(records).rows
            reader.restart()
        batch = reader.take(records)
        self.placed += batch.rows
        self._emit(batch.outgoing)

    def _emit(self, outgoing: Sequence[Outgoing]) -> None:
        for record in outgoing:
            if record.topic in self._logs:
                self._append(record.topic, record.key, record.value, record.headers)
                continue
            self.dead.append(record)
            if not self._rejects:
                raise Rejected(dict(record.headers).get("stack", b"").decode())


def rows(placed: Sequence[Placed], target: Table | Index) -> Mapping[tuple[Any, ...], Row]:
    """What a table holds after these writes, by row key: each cell as the latest position wrote it."""
    found: dict[tuple[Any, ...], Row] = {}
    for write in (p.write for p in sorted(placed, key=_place) if p.write.into == target):
        if write.clears:
            named = tuple(write.key.values())
            found = {key: row for key, row in found.items() if key[: len(named)] != named}
            continue
        row = found.setdefault(tuple(write.key[name] for name in target.identity), dict(write.key))
        row.update(write.cells)
    return {key: found[key] for key in sorted(found, key=repr)}


def _place(placed: Placed) -> tuple[int, int]:
    return placed.moment.offset, placed.index
