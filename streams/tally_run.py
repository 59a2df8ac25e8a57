"""One batch on its way through a tally: which events are new, what they add, and the fates of those that can't be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from streams.columnar import ROW, Columns
from streams.letters import Place, letter, made_up, one_more
from streams.lot import Lot
from streams.newness import only_new
from streams.processor import Tally
from streams.record import DROP, LETTER, Outgoing, Record, unpack, verb_of
from streams.tally_columns import PROBLEM, WHERE, by, total
from streams.tally_draft import TallyDraft


class Uncountable(ValueError):
    """An event lacks what it is counted by."""


class TallyRun:
    """Takes a batch's records in order, in as few lots as replays leave; `dead` counts those it rejected."""

    def __init__(self, tally: Tally, place: Place, columns: Columns, draft: TallyDraft, failures: int) -> None:
        self._tally = tally
        self._place = place
        self._columns = columns
        self._draft = draft
        self.failures = failures
        self.letters: list[Outgoing] = []
        self.dead = 0

    def take(self, lot: Lot, clocks: Sequence[int]) -> None:
        """Count what is new of these; what can't be counted becomes a dead letter. Raises TooManyDeadLetters."""
        frame, rejected = self._read(lot)
        if frame is not None:
            self._count(frame, clocks)
        self._reject(lot, rejected, set() if frame is None or not rejected else set(frame[ROW].to_list()))
        if frame is not None and not rejected:
            self.failures = made_up(self.failures, len(frame))

    def settle(self, control: Record, clock: int) -> None:
        """A dead letter tried again, or given up: once, however often that is asked for."""
        asked = unpack(control.header(LETTER) or b"")
        record = self._draft.letter(asked.offset)
        if record is None:
            return
        if verb_of(control, self._place.processor) == DROP:
            self._draft.settle(record.offset)
            self.letters.append(letter(self._place, record, "dropped"))
            return
        frame, rejected = self._read(Lot.of([record]))
        if rejected:  # which has no weight
            self.dead += 1
            self.letters.append(letter(self._place, record, "dead", rejected[0]))
            return
        if frame is not None:
            self._count(frame, [clock])
        self._draft.settle(record.offset)
        self.letters.append(letter(self._place, record, "replayed"))

    def _read(self, lot: Lot) -> tuple[pl.DataFrame | None, Mapping[int, Exception]]:
        """The rows that can be counted, and by row what is wrong with the others."""
        rows = lot.rows or self._columns.read(lot)
        frame = rows.frame()
        if frame is None or frame[PROBLEM].null_count() == len(frame):
            return frame, rows.rejected
        wrong = frame.filter(pl.col(PROBLEM).is_not_null()).select(ROW, PROBLEM).iter_rows()
        return frame.filter(pl.col(PROBLEM).is_null()), {
            **rows.rejected,
            **{row: Uncountable(problem) for row, problem in wrong},
        }

    def _count(self, frame: pl.DataFrame, clocks: Sequence[int]) -> None:
        if self._tally.once_by is not None:
            frame = only_new(frame, clocks, self._draft, self._tally.forget_after)
        names = [by(name) for name in self._tally.by]
        sums = [pl.col(total(name)).sum() for name in self._tally.totals]
        counted = frame.filter(pl.col(WHERE)).group_by(names).agg(sums).rows()
        self._draft.add([row[: len(names)] for row in counted], [row[len(names) :] for row in counted])

    def _reject(self, lot: Lot, rejected: Mapping[int, Exception], counted: set[int]) -> None:
        """Dead letters in the order of the log; the events counted between them make up for some."""
        for row, record in enumerate(lot if rejected else ()):
            if row in counted:
                self.failures = made_up(self.failures)
            elif row in rejected:
                self.dead += 1
                self.failures = one_more(self._place, self.failures, rejected[row])
                self._draft.keep(record)
                self.letters.append(letter(self._place, record, "dead", rejected[row]))
