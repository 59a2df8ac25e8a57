"""The pure core of a tally: a batch of records and a store's contents, to one transaction's contents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import accumulate

from streams.codec import Codec
from streams.columnar import Columns
from streams.entry import Applied
from streams.folding import Batch
from streams.letters import Place
from streams.processor import Moment, Tally
from streams.record import Record, verb_of
from streams.sinks import Placed
from streams.store import Store
from streams.tables import Write
from streams.tally_checks import PARTITION, columns
from streams.tally_columns import derive
from streams.tally_draft import TallyDraft
from streams.tally_run import TallyRun


class TallyCore:
    """One tally on one partition. Deterministic: however records are cut into batches, the totals are the same."""

    def __init__(self, tally: Tally, place: Place, codec: Codec) -> None:
        self.place = place
        self._tally = tally
        self._columns = Columns(codec, tally.reads, columns(tally), partial(derive, tally))
        self._swept = b""

    def step(self, store: Store, applied: Applied, records: Sequence[Record]) -> Batch:
        """Apply `records` in order; raises TooManyDeadLetters."""
        draft = TallyDraft(store)
        run = TallyRun(self._tally, self.place, self._columns, draft, applied.failures)
        clocks = list(accumulate((record.timestamp for record in records), max, initial=applied.clock))[1:]
        begin = 0
        for row in [row for row, record in enumerate(records) if record.value is None and self._is_control(record)]:
            run.take(records[begin:row], clocks[begin:row])
            run.settle(records[row], clocks[row])
            begin = row + 1
        run.take(records[begin:], clocks[begin:])
        clock, offset = clocks[-1], records[-1].offset
        if self._tally.once_by is not None:
            self._swept = draft.sweep(self._swept, clock, self._tally.forget_after)
        after = Applied(offset, clock, run.failures, applied.source)
        rows = self._rows(draft, Moment(self.place.topic, self.place.partition, offset, clock))
        return Batch(run.letters, draft.changes(), {}, after, None, run.dead, rows)

    def due(self, store: Store) -> int | None:
        """A tally has no timers: what is forgotten is, whether it is erased yet or not."""

    def waiting(self, store: Store, records: Sequence[Record]) -> Iterator[Record]:
        """A tally parks nothing behind a dead letter: sums don't depend on the order."""
        return iter(())

    def _is_control(self, record: Record) -> bool:
        return verb_of(record, self._tally.name) is not None

    def _rows(self, draft: TallyDraft, moment: Moment) -> list[Placed]:
        """The groups that have changed, as the table's declaration was checked to hold them."""
        names, totals = (*self._tally.by, PARTITION), tuple(self._tally.totals)
        placed: list[Placed] = []
        for group, sums in draft.totals:
            key = dict(zip(names, (*group, self.place.partition), strict=True))
            placed.append(Placed(Write(self._tally.into, key, dict(zip(totals, sums, strict=True))), moment, 0))
        return placed
