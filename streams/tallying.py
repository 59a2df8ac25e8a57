"""The pure core of a tally: a batch of records and a store's contents, to one transaction's contents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import accumulate
from typing import overload

from streams.codec import Codec
from streams.columnar import Columns
from streams.entry import Applied
from streams.folding import Batch
from streams.letters import Place
from streams.lot import Lot
from streams.processor import Moment, Tally
from streams.record import Record, verb_of
from streams.sinks import Placed
from streams.store import Store
from streams.tables import Write
from streams.tally_checks import PARTITION, columns
from streams.tally_columns import PROBLEM, derive
from streams.tally_draft import Group, Sums, TallyDraft
from streams.tally_run import TallyRun


class TallyCore:
    """One tally on one partition. Deterministic: however records are cut into batches, the totals are the same."""

    def __init__(self, tally: Tally, place: Place, codec: Codec) -> None:
        self.place = place
        self._tally = tally
        self._columns = Columns(codec, tally.reads, columns(tally), partial(derive, tally))
        self._swept = b""

    def ready(self, records: Sequence[Record]) -> Sequence[Record]:
        """The lot with its columns read. Where all can be counted, its records are let go of."""
        lot = Lot.of(records)
        if lot.bare:
            return lot  # it will be taken in pieces
        rows = lot.rows = self._columns.read(lot)
        frame = rows.frame()
        countable = not rows.rejected and (frame is None or frame[PROBLEM].null_count() == len(frame))
        return lot.without_records() if countable else lot

    def step(self, store: Store, applied: Applied, records: Sequence[Record]) -> Batch:
        """Apply `records` in order; raises TooManyDeadLetters."""
        lot, draft = Lot.of(records), TallyDraft(store)
        run = TallyRun(self._tally, self.place, self._columns, draft, applied.failures)
        clock = max(applied.clock, max(lot.timestamps))
        clocks: Sequence[int] = ()  # by record, where they are asked for
        if self._tally.once_by is not None or lot.bare:
            clocks = list(accumulate(lot.timestamps, max, initial=applied.clock))[1:]
        begin = 0
        for row in [row for row in lot.bare if self._is_control(lot[row])]:
            run.take(lot[begin:row], clocks[begin:row])
            run.settle(lot[row], clocks[row])
            begin = row + 1
        run.take(lot[begin:] if begin else lot, clocks[begin:])
        offset = lot[-1].offset
        if self._tally.once_by is not None:
            self._swept = draft.sweep(self._swept, clock, self._tally.forget_after)
        after = Applied(offset, clock, run.failures, applied.source, applied.shown)
        rows = TallyRows(self._tally, self.place, after, draft.totals)
        return Batch(run.letters, draft.changes(offset), {}, after, None, run.dead, rows)

    def due(self, store: Store) -> int | None:
        """A tally has no timers: what is forgotten is, whether it is erased yet or not."""

    def waiting(self, store: Store, records: Sequence[Record]) -> Iterator[Record]:
        """A tally parks nothing behind a dead letter: sums don't depend on the order."""
        return iter(())

    def _is_control(self, record: Record) -> bool:
        return verb_of(record, self._tally.name) is not None


class TallyRows(Sequence[Placed]):
    """The rows of groups with these totals, as of what is applied. Made when they are looked at."""

    def __init__(self, tally: Tally, place: Place, applied: Applied, totals: Mapping[Group, Sums]) -> None:
        self.totals = totals
        self._tally = tally
        self._place = place
        self._moment = Moment(place.topic, place.partition, applied.offset, applied.clock)

    @cached_property
    def _made(self) -> list[Placed]:
        return [self._row(group, sums) for group, sums in self.totals.items()]

    def _row(self, group: Group, sums: Sums) -> Placed:
        """As the table's declaration was checked to hold it."""
        key = dict(zip((*self._tally.by, PARTITION), (*group, self._place.partition), strict=True))
        return Placed(Write(self._tally.into, key, dict(zip(self._tally.totals, sums, strict=True))), self._moment, 0)

    @overload
    def __getitem__(self, place: int) -> Placed: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Placed]: ...
    def __getitem__(self, place: int | slice) -> Placed | Sequence[Placed]:
        return self._made[place]

    def __len__(self) -> int:
        return len(self.totals)
