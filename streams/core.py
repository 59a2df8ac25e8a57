"""What is common to folds and tallies: state in a store, and batches of which one transaction each is made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from streams.catalogue import Catalogue
from streams.codec import Codec
from streams.entry import Applied
from streams.folding import Batch, FoldCore
from streams.letters import Place
from streams.processor import Fold, Tally
from streams.record import Record
from streams.store import Store
from streams.tallying import TallyCore


class Core(Protocol):
    """A processor with state, on one partition. Pure: what it makes of records depends on the store alone."""

    def ready(self, records: Sequence[Record]) -> Sequence[Record]:
        """The same records with as much work done on them as needs no state: for `step`, and nobody else."""
        ...

    def step(self, store: Store, applied: Applied, records: Sequence[Record]) -> Batch:
        """Apply `records` in order, on top of what is `applied`; raises TooManyDeadLetters."""
        ...

    def due(self, store: Store) -> int | None:
        """When the next timer of a store is (ms)."""
        ...

    def waiting(self, store: Store, records: Sequence[Record]) -> Iterator[Record]:
        """Records in the store that `records` will have applied."""
        ...


def core_of(processor: Fold | Tally, place: Place, catalogue: Catalogue, codec: Codec) -> Core:
    """The core of a processor; raises ProcessorError where its table can't show its state."""
    if isinstance(processor, Fold):
        return FoldCore(processor, place, catalogue, codec)
    return TallyCore(processor, place, codec)
