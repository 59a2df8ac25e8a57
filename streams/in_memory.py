"""Processors on lists: the cores that the workers run, with memory in place of the broker and the stores."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from streams.catalogue import Catalogue
from streams.codec import Codec
from streams.core import core_of
from streams.entry import Applied
from streams.event import Event
from streams.folding import Batch, FoldCore
from streams.letters import Place
from streams.local_state import LocalState
from streams.owners import Owners
from streams.processor import Fold, Processor, State, Tally, View
from streams.record import Record
from streams.store import MemoryStore
from streams.viewing import ViewBatch, ViewCore

MADE_UP = 1_000_000_000  # schema ids from here on are a harness's own: no registry has come so far


class MemoryFold:
    """A fold or a tally on one partition, with the changelog, compacted, that a restart recovers from."""

    def __init__(self, processor: Fold | Tally, catalogue: Catalogue, codec: Codec, partition: int = 0) -> None:
        self.processor = processor
        self.topic = processor.reads[0].topic
        self.partition = partition
        self.core = core_of(processor, Place(processor.name, "test", self.topic, partition), catalogue, codec)
        self._changelog: dict[bytes, bytes | None] = {}
        self._written = 0
        self.state = LocalState(MemoryStore(), "test")

    @property
    def applied(self) -> Applied:
        return self.state.applied

    @property
    def next(self) -> int:
        """The offset to read next."""
        return self.applied.offset + 1

    @property
    def due(self) -> int | None:
        """When the next timer is (ms)."""
        return self.core.due(self.state.store)

    def plan(self, records: Sequence[Record]) -> Batch:
        """What a transaction would hold; nothing is changed."""
        return self.core.step(self.state.store, self.applied, self.core.ready(records))

    def take(self, records: Sequence[Record]) -> Batch:
        """Apply a batch."""
        batch = self.plan(records)
        changes = batch.changelog
        self._changelog |= changes
        self._written += len(changes)
        self.state.write(changes, batch.index, self._written)
        return batch

    def states(self) -> dict[str, State]:
        """What a fold remembers, by key."""
        if not isinstance(self.core, FoldCore):
            return {}
        return {key: entry.state for key, entry in self.core.entries(self.state.store) if entry.state}

    def restart(self) -> None:
        """Lose the store, as another machine would; the changelog has it all."""
        self.state = LocalState(MemoryStore(), "test")
        self.state.recover(self._changelog, self._written)
        list(self.state.index())


class MemoryView:
    """A view on one partition of one topic."""

    def __init__(self, view: View, topic: str, codec: Codec, owners: Owners, partition: int = 0) -> None:
        self.view = view
        self.topic = topic
        self.partition = partition
        self.core = ViewCore(view, Place(view.name, "test", topic, partition), codec, owners)
        self.next = 0
        self.failures = 0

    def take(self, records: Sequence[Record]) -> ViewBatch:
        batch = self.core.step(records, self.failures)
        self.failures = batch.failures
        self.next = records[-1].offset + 1
        return batch


def codec_of(catalogue: Catalogue) -> Codec:
    """A codec with made-up schema ids that knows the events of the catalogue whose records are loaded."""
    classes = [cls for cls in Event.__subclasses__() if _is_of(cls, catalogue)]
    return Codec(catalogue, classes, {name: MADE_UP + i for i, name in enumerate(sorted(catalogue.schemas))})


def catalogue_of(processors: Iterable[Processor]) -> Catalogue:
    """The catalogue whose generated records the processors read: the folder above with a `topics/` in it."""
    event = next(event for processor in processors for event in processor.reads)
    source = Path(sys.modules[event.__module__].__file__ or "")
    return _load(next(folder for folder in source.parents if (folder / "topics").is_dir()))


@cache
def _load(root: Path) -> Catalogue:
    return Catalogue.load(root)


def _is_of(cls: type[Event], catalogue: Catalogue) -> bool:
    return cls.__name__ in catalogue.schemas and cls.topic in catalogue.topics
