"""Which events of a batch are new: a key's events at once where they follow one another, else one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

import polars as pl

from streams.columnar import ROW
from streams.once import follow, note
from streams.tally_columns import KEY, NUMBER
from streams.tally_draft import SEEN, TallyDraft


def only_new(frame: pl.DataFrame, clocks: Sequence[int], draft: TallyDraft, forget_after: int) -> pl.DataFrame:
    """The rows of events that have not been seen; from now on they have, in `draft`.

    `clocks` has the partition's clock (ms) by ROW. The outcome is as if each had been noted by itself, in order.
    """
    steady = (pl.col(NUMBER).diff().fill_null(1) == 1).all()
    number, row = pl.col(NUMBER), pl.col(ROW)
    runs = frame.group_by(KEY, maintain_order=True).agg(
        number.first().alias("first"), number.last().alias("last"), steady.alias("steady"),
        row.first().alias("begin"), row.last().alias("end"),
    )  # fmt: skip
    keys: list[str] = runs[KEY].to_list()
    stored = [SEEN + key.encode() for key in keys]
    draft.read_seen(stored)
    single: list[str] = []
    rows = cast("Iterator[tuple[str, int, int, bool, int, int]]", runs.iter_rows())
    for place, (key, first, last, is_steady, begin, end) in zip(stored, rows, strict=True):
        began, ended, kept = clocks[begin], clocks[end], None
        if is_steady and ended - began < forget_after:
            kept = follow(draft.seen[place], first, last, began, ended, forget_after)
        if kept is None:
            single.append(key)
        else:
            draft.seen[place] = kept
    return _one_by_one(frame, clocks, draft, forget_after, single) if single else frame


def _one_by_one(
    frame: pl.DataFrame, clocks: Sequence[int], draft: TallyDraft, forget_after: int, keys: list[str]
) -> pl.DataFrame:
    """The rows, without those of these keys that are not new."""
    repeated: list[int] = []
    single = frame.filter(pl.col(KEY).is_in(keys)).select(ROW, KEY, NUMBER)
    for row, key, number in cast("Iterator[tuple[int, str, int]]", single.iter_rows()):
        place = SEEN + key.encode()
        is_new, draft.seen[place] = note(draft.seen[place], number, clocks[row], forget_after)
        if not is_new:
            repeated.append(row)
    return frame.filter(~pl.col(ROW).is_in(repeated)) if repeated else frame
