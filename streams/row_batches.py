"""Which rows travel together: requests to Cassandra that cost one round trip for many rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, cast

from streams.sinks import Placed
from streams.tables import Table

WIDE = 50  # rows of one partition in a request
MIXED = 10  # rows of several partitions in one: beyond this Cassandra warns, as one node takes them for others


def batches(writes: Sequence[Placed]) -> Iterator[list[Placed]]:
    """The writes in unlogged batches: many rows of a partition by themselves, the others mixed.

    What travels together is no unit: each row is applied on its own, and ordered by its stamp.
    """
    few: list[Placed] = []
    for rows in _partitions(writes):
        if len(rows) < MIXED:
            few += rows
        else:
            yield from _cut(rows, WIDE)
    yield from _cut(few, MIXED)


def _cut(rows: list[Placed], size: int) -> Iterator[list[Placed]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))


def _partitions(writes: Sequence[Placed]) -> Iterator[list[Placed]]:
    """The writes by the partition of the table they fall into."""
    groups: dict[tuple[Any, ...], list[Placed]] = defaultdict(list)
    for placed in writes:
        table, key = cast("Table", placed.write.into), placed.write.key
        groups[(table.name, *(key[name] for name in table.key))].append(placed)
    yield from groups.values()
