"""Several processors together on one in-memory log, with a clock that the test moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from streams.catalogue import Catalogue
from streams.event import Event, natural_id
from streams.in_memory import MemoryFold, MemoryView, catalogue_of, codec_of
from streams.owners import Owners
from streams.processor import Fold, Processor, Tally, View
from streams.record import TICK, Headers, Outgoing, Record
from streams.sinks import Placed
from streams.tables import Index, Table

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
    ) -> None:
        """`clock` in ms since 1970. With `rejects`, dead letters are collected in `dead` instead of raised."""
        known = catalogue or catalogue_of(processors)
        self.clock = clock
        self.dead: list[Outgoing] = []
        self.placed: list[Placed] = []
        self._codec = codec_of(known)
        self._rejects = rejects
        self._logs: dict[str, list[Record]] = {name: [] for name in known.topics}
        owners = Owners()
        self._stateful = [MemoryFold(p, known, self._codec) for p in processors if isinstance(p, Fold | Tally)]
        self._views = [
            MemoryView(p, topic, self._codec, owners)
            for p in processors
            if isinstance(p, View)
            for topic in dict.fromkeys(event.topic for event in p.reads)
        ]

    def post(self, event: Event) -> None:
        """Put an event on its topic, and run everything that follows from it. Raises Rejected."""
        number = len(self._logs[event.topic])
        named = msgspec.structs.replace(
            event,
            event_id=event.event_id or natural_id("posted", event.topic, number),
            occurred_at=event.occurred_at or self.clock,
        )
        key = named.partition_key
        self._append(event.topic, key.encode(), self._codec.encode(named), (("correlation-id", key.encode()),))
        self._run()

    def advance(self, ms: int) -> None:
        """Let time pass; timers fire when they are due, each in its turn."""
        end = self.clock + ms
        while due := [(at, one.topic) for one in self._stateful if (at := one.due) is not None and at <= end]:
            at, topic = min(due)
            self.clock = max(self.clock, at)
            self._append(topic, b"", None, ((TICK, b""),))
            self._run()
        self.clock = end

    def log(self, topic: str) -> list[Event]:
        """All events of a topic, in order."""
        return [self._codec.decode(record.value) for record in self._logs[topic] if record.value is not None]

    def state(self, fold: Fold, key: str) -> Any:
        """What a fold remembers of a key, or None."""
        memory = next(memory for memory in self._stateful if memory.processor is fold)
        return memory.states().get(key)

    def rows(self, target: Table | Index) -> list[Row]:
        """The rows or documents of a view, in the order of their keys."""
        return list(rows(self.placed, target).values())

    def _append(self, topic: str, key: bytes | None, value: bytes | None, headers: Headers = ()) -> None:
        log = self._logs.setdefault(topic, [])
        log.append(Record(0, len(log), self.clock, key, value, headers))

    def _run(self) -> None:
        """Round by round until nobody has anything left to read."""
        busy = True
        while busy:
            busy = False
            for one in self._stateful:
                if records := self._logs[one.topic][one.applied.offset + 1 :]:
                    busy = True
                    taken = one.take(records)
                    self.placed += taken.rows
                    self._emit(taken.outgoing)
            for view in self._views:
                if records := self._logs[view.topic][view.next :]:
                    busy = True
                    batch = view.take(records)
                    self.placed += batch.writes
                    self._emit(batch.letters)

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
