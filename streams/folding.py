"""The pure core of a fold: a batch of records and a store's contents, to one transaction's contents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from streams.applying import Applying
from streams.catalogue import Catalogue
from streams.codec import Codec
from streams.draft import Draft, entry_decoder
from streams.emission import Emission
from streams.entry import APPLIED, Applied, Entry
from streams.fold_run import FoldRun, key_of_state
from streams.letters import Place
from streams.processor import Fold, Moment
from streams.record import KEY, Outgoing, Record, verb_of
from streams.shown import key_column, shown
from streams.sinks import Placed
from streams.store import Changes, Store


@dataclass(frozen=True)
class Batch:
    """What one transaction writes, and what the store holds once it is through.

    `changes` go to the changelog and the store, `index` to the store alone. `due` is when the next timer is.
    """

    outgoing: Sequence[Outgoing]
    changes: Changes
    index: Changes
    applied: Applied
    due: int | None
    dead: int
    rows: Sequence[Placed] = ()

    @property
    def idle(self) -> bool:
        """Nothing came of it but that time has passed: losing it costs reading the same records again."""
        return not (self.outgoing or self.changes)

    @property
    def changelog(self) -> Changes:
        return {**self.changes, APPLIED: msgspec.msgpack.encode(self.applied)}


class FoldCore:
    """One fold on one partition. Deterministic: however records are cut into batches, the outcome is the same.

    Making one raises ProcessorError where the table that shows its state has no row for each key.
    """

    def __init__(self, fold: Fold, place: Place, catalogue: Catalogue, codec: Codec) -> None:
        self.place = place
        self._fold = fold
        self._codec = codec
        self._emission = Emission(place, catalogue, codec, fold.emits)
        self._decoder = entry_decoder(fold.state)
        if fold.into is not None:
            key_column(fold, fold.into)

    def ready(self, records: Sequence[Record]) -> Sequence[Record]:
        """As they are: a fold decodes a record when it comes to it, for it may park it instead."""
        return records

    def step(self, store: Store, applied: Applied, records: Sequence[Record]) -> Batch:
        """Apply `records` in order; raises TooManyDeadLetters, and nothing that a fold's function raises."""
        draft = Draft(store, self._decoder)
        applying = Applying(self._fold, self.place, self._codec, self._emission, draft)
        run = FoldRun(self._fold, self.place, self._codec, draft, applying, applied)
        draft.read(key for record in records if (key := key_of_state(record)) is not None)
        for record in records:
            run.take(record)
        moment = Moment(self.place.topic, self.place.partition, run.applied.offset, run.applied.clock)
        rows = shown(self._fold, draft.states, draft.erased, moment)
        return Batch(
            applying.outgoing, draft.changes(), draft.timers.index(), run.applied, draft.timers.first(), run.dead, rows
        )

    def waiting(self, store: Store, records: Sequence[Record]) -> Iterator[Record]:
        """What a store has parked under the keys of the replays and drops in `records`: it is about to be applied."""
        for record in records:
            if record.value is None and record.header(KEY) is not None and verb_of(record, self._fold.name) is not None:
                for _, parked in Draft(store, self._decoder).parked(record.text(KEY)):
                    yield parked

    def due(self, store: Store) -> int | None:
        """When the next timer of a store is (ms)."""
        return Draft(store, self._decoder).timers.first()

    def entry(self, store: Store, key: str) -> Entry[Any] | None:
        """What a store holds of a key."""
        return Draft(store, self._decoder).entry(key)

    def entries(self, store: Store) -> Iterator[tuple[str, Entry[Any]]]:
        """All that a store holds, by key."""
        for key, raw in store.scan(b"k"):
            yield key[1:].decode(), self._decoder.decode(raw)
