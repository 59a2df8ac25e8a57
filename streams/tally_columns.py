"""What a tally needs of each event: derived from its own fields alone, never from two events together."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from streams.columnar import ROW
from streams.processor import Tally

KEY, NUMBER, WHERE, PROBLEM = "_key", "_number", "_where", "_problem"
LARGEST = 1 << 47  # of one event's part in a total: 65,536 of them fit into 64 bits


def by(name: str) -> str:
    """The column of what is grouped by."""
    return f"by {name}"


def total(name: str) -> str:
    """The column of an event's part in a total."""
    return f"total {name}"


def derive(tally: Tally, frame: pl.DataFrame) -> pl.DataFrame:
    """One row an event, with PROBLEM where it can't be counted: it is rejected then, before it is marked as seen."""
    where = pl.lit(True) if tally.where is None else tally.where.fill_null(False)
    derived = frame.select(
        ROW,
        where.alias(WHERE),
        *_identity(tally),
        *(expression.alias(by(name)) for name, expression in tally.by.items()),
        *(part(expression).alias(total(name)) for name, expression in tally.totals.items()),
    )
    return derived.with_columns(pl.coalesce(*_problems(tally, derived), pl.lit(None, pl.String)).alias(PROBLEM))


def _identity(tally: Tally) -> Iterable[pl.Expr]:
    """What a repeat is known by, where repeats are left out."""
    if tally.once_by is None:
        return
    key = tally.reads[0].key_field
    numbers = [name for name in tally.once_by if name != key]
    yield pl.col(key).cast(pl.String).alias(KEY)
    yield (pl.col(numbers[0]) if numbers else pl.lit(0, pl.Int64)).alias(NUMBER)


def part(expression: pl.Expr) -> pl.Expr:
    """Of `x.sum()`, x; of `count()`, one."""
    inner = expression.meta.undo_aliases().meta.pop()
    return inner[0].cast(pl.Int64).fill_null(0) if inner else pl.lit(1, pl.Int64)


def _problems(tally: Tally, derived: pl.DataFrame) -> Iterable[pl.Expr]:
    where = pl.col(WHERE)
    if tally.once_by is not None:
        yield pl.when(pl.col(NUMBER).is_null()).then(pl.lit("its number is missing: a repeat could not be told"))
    for name in tally.by:
        column = pl.col(by(name))
        empty = column.is_null() | (column == "") if derived.schema[by(name)] == pl.String() else column.is_null()
        yield pl.when(where & empty).then(pl.lit(f"{name} is empty: no row can be known by it"))
    for name in tally.totals:
        column = pl.col(total(name))
        much = where & ~column.is_between(-LARGEST, LARGEST)
        yield pl.when(much).then(pl.lit(f"{name} is beyond what one event may add"))
