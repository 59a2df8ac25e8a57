"""What a processor's rows must be as of a position: its own code over the log from the beginning, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from streams.catalogue import Catalogue
from streams.codec import Codec
from streams.graph import targets
from streams.in_memory import MemoryFold, MemoryView
from streams.owners import Owners
from streams.processor import Fold, Tally, View
from streams.record import Record
from streams.sinks import Placed

Key = tuple[Any, ...]


Place = tuple[int, int]  # offset, and which write of that record: what a write's stamp is made of
NEVER: Place = (-1, 0)


class Cell(NamedTuple):
    """A value, and where it was written: positions of its own topic and partition alone compare with it."""

    value: Any
    topic: str
    partition: int
    place: Place


@dataclass
class Expected:
    """Rows by key, ordered as the stores order writes: by place, not by when they come. Memory grows with the view."""

    rows: dict[Key, dict[str, Cell]] = field(default_factory=dict[Key, dict[str, Cell]])
    cleared: dict[Key, Place] = field(default_factory=dict[Key, Place])  # by the beginning of a key

    def put(self, placed: Placed, partition: int) -> None:
        """A write; one that comes late (a replayed dead letter) belongs in its old place."""
        write, place = placed.write, (placed.moment.offset, placed.index)
        key = tuple(write.key[name] for name in write.into.identity if name in write.key)
        if write.clears:
            self._clear(key, place)
        elif place > max(self.cleared.get(key[:length], NEVER) for length in range(len(key) + 1)):
            row = self.rows.setdefault(key, {})
            for name, value in write.cells.items():
                if name not in row or row[name].place <= place:
                    row[name] = Cell(value, placed.moment.topic, partition, place)

    def _clear(self, key: Key, place: Place) -> None:
        self.cleared[key] = max(place, self.cleared.get(key, place))
        for full in [row for row in self.rows if row[: len(key)] == key]:
            kept = {name: cell for name, cell in self.rows[full].items() if cell.place > place}
            if kept:
                self.rows[full] = kept
            else:
                del self.rows[full]


class Replay:
    """One processor over its topics from their beginnings. What it expects does not depend on batches."""

    def __init__(self, processor: Fold | View | Tally, catalogue: Catalogue, codec: Codec) -> None:
        self._processor = processor
        self._catalogue = catalogue
        self._codec = codec
        self._owners = Owners()
        self._parts: dict[tuple[str, int], MemoryFold | MemoryView] = {}
        self.expected: dict[str, Expected] = {target.name: Expected() for target in targets(processor)}

    def take(self, topic: str, records: Sequence[Record]) -> None:
        """Apply records of one partition, in order."""
        for placed in self._placed(topic, records):
            self.expected[placed.write.into.name].put(placed, records[0].partition)

    def _placed(self, topic: str, records: Sequence[Record]) -> Sequence[Placed]:
        part = self._part(topic, records[0].partition)
        return part.take(records).rows if isinstance(part, MemoryFold) else part.take(records).writes

    def _part(self, topic: str, partition: int) -> MemoryFold | MemoryView:
        if (topic, partition) not in self._parts:
            made = self._processor
            self._parts[topic, partition] = (
                MemoryView(made, topic, self._codec, self._owners)
                if isinstance(made, View)
                else MemoryFold(made, self._catalogue, self._codec, partition)
            )
        return self._parts[topic, partition]
