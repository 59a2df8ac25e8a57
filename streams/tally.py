"""Declare a tally: keyed sums over a topic, as Polars expressions. Runs a batch at a time."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from streams.event import Event, days, hours, minutes
from streams.processor import Tally
from streams.tables import Table
from streams.tally_checks import check

__all__ = ["Tally", "col", "count", "day", "hour", "minute", "tally"]

col = pl.col  # a field of the event, in any Polars expression of its row


def count() -> pl.Expr:
    """How many events."""
    return pl.len()


def minute(field: str) -> pl.Expr:
    """The beginning of the minute (ms since 1970 UTC) that a time in ms falls into, as column `minute`."""
    return _bucket(field, minutes(1)).alias("minute")


def hour(field: str) -> pl.Expr:
    """The beginning of the hour, as column `hour`."""
    return _bucket(field, hours(1)).alias("hour")


def day(field: str) -> pl.Expr:
    """The beginning of the day (UTC), as column `day`."""
    return _bucket(field, days(1)).alias("day")


def tally(
    *,
    reads: type[Event] | Sequence[type[Event]],
    by: Sequence[str | pl.Expr],
    totals: Mapping[str, pl.Expr],
    into: Table,
    where: pl.Expr | None = None,
    once_by: Sequence[str] | None = None,
    forget_after: int = days(1),
    name: str | None = None,
) -> Tally:
    """Sums and counts of the events that fit `where`, by the columns of `by`, as rows of `into`.

    A row is known by the names of `by` and `partition`: totals are kept by partition, and summed when read. Its
    columns are the names of `totals`, each a `….sum()` of whole numbers or `count()`. Rows hold what is absolute.

    `once_by` names the topic's key and, where a key has many events, the field that numbers them: an event whose
    names have been seen is left out, before `where` is asked, until `forget_after` ms after its key's last event,
    by the partition's clock. The tally is named after its file, unless by `name`. Raises ProcessorError.
    """
    caller = inspect.currentframe()
    assert caller is not None
    assert caller.f_back is not None
    module = caller.f_back.f_globals
    expressions = [pl.col(item) if isinstance(item, str) else item for item in by]
    declared = Tally(
        name=name or Path(module["__file__"]).stem,
        module=module["__name__"],
        reads=(reads,) if isinstance(reads, type) else tuple(reads),
        where=where,
        once_by=None if once_by is None else tuple(once_by),
        by={expression.meta.output_name(): expression for expression in expressions},
        totals=dict(totals),
        into=into,
        forget_after=forget_after,
    )
    check(declared)
    return declared


def _bucket(field: str, length: int) -> pl.Expr:
    return pl.col(field) // length * length
