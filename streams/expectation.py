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


class Cell(NamedTuple):
    """A value, and whose events wrote it: their positions alone compare with its stamp."""

    value: Any
    topic: str
    partition: int


@dataclass
class Expected:
    """Rows by key. Memory grows with the view."""

    rows: dict[Key, dict[str, Cell]] = field(default_factory=dict[Key, dict[str, Cell]])

    def put(self, placed: Placed, partition: int) -> None:
        """A write, in its partition's order."""
        write, topic = placed.write, placed.moment.topic
        key = tuple(write.key[name] for name in write.into.identity if name in write.key)
        if write.clears:
            for gone in [row for row in self.rows if row[: len(key)] == key]:
                del self.rows[gone]
            return
        self.rows.setdefault(key, {}).update(
            {name: Cell(value, topic, partition) for name, value in write.cells.items()}
        )


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
