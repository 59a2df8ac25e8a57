"""Two versions of what a view shows, held against each other while both are written."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from streams.settings import Settings
from streams.stored import StoredRow, stored_rows, stored_some
from streams.tables import Index, Table
from streams.verification import named_key, plain
from streams.versions import Versions

Key = tuple[Any, ...]
Pair = tuple[StoredRow | None, StoredRow | None]  # the former's and the next version's
SHOWN = 20  # differences that are kept in words
LOOKS = 4  # times that rows which differ are read again: one of the two may be ahead by a moment
PAUSE = 2.0  # seconds between two looks
LOOKED_AT = 5_000  # rows that are read again


@dataclass
class Comparison:
    """Of one table or index: its rows in the former and in the next version, and how many differ (-1: not asked)."""

    name: str
    former: int = 0
    next: int = 0
    different: int = -1
    differences: list[str] = field(default_factory=list[str])

    @property
    def equal(self) -> bool:
        return self.former == self.next and self.different <= 0

    def __str__(self) -> str:
        cells = "" if self.different < 0 else f", {self.different} rows differ"
        return f"{self.name}: {self.former} rows, {self.next} in the next version{cells}"


async def compare(
    settings: Settings, target: Table | Index, former: Versions, following: Versions, rows: bool
) -> Comparison:
    """Count the rows of both; with `rows`, also compare each. Memory grows with what differs. Raises SinkDown.

    Rows differ where they hold other values and stay so while both go on.
    """
    found = Comparison(target.name)
    suspects = await _scan(settings, target, former, following, found)
    if not rows:
        return found
    pairs = await _lasting(settings, target, suspects[:LOOKED_AT], former, following)
    found.different = len(pairs) + len(suspects[LOOKED_AT:])
    found.differences = [
        f"{target.name} {named_key(key)}: {_shown(one)}, in the next version {_shown(other)}"
        for key, (one, other) in list(pairs.items())[:SHOWN]
    ]
    return found


async def _scan(
    settings: Settings, target: Table | Index, former: Versions, following: Versions, found: Comparison
) -> Sequence[Key]:
    """The keys of rows that are not the same in both, which are read side by side: they come in the same order."""
    left, right = (stored_rows(settings, target, versions) for versions in (former, following))
    mine: dict[Key, int] = {}
    theirs: dict[Key, int] = {}
    while True:
        one, other = await anext(left, None), await anext(right, None)
        if one is None and other is None:
            return sorted({*mine, *theirs}, key=repr)
        for row, own, opposite in ((one, mine, theirs), (other, theirs, mine)):
            if row is not None and opposite.pop(row.key, None) != (digest := _digest(row)):
                own[row.key] = digest
        found.former += one is not None
        found.next += other is not None


async def _lasting(
    settings: Settings, target: Table | Index, keys: Sequence[Key], former: Versions, following: Versions
) -> Mapping[Key, Pair]:
    """Those of the rows that differ at every look, though not because both versions go on being written."""
    first: dict[Key, Pair] = {}
    pairs: dict[Key, Pair] = {}
    for look in range(LOOKS):
        await asyncio.sleep(PAUSE if look else 0)
        left, right = [await stored_some(settings, target, keys, versions) for versions in (former, following)]
        pairs = {key: (left.get(key), right.get(key)) for key in keys}
        pairs = {key: (one, other) for key, (one, other) in pairs.items() if _digest(one) != _digest(other)}
        first |= {key: pair for key, pair in pairs.items() if None in first.get(key, (None,))}
        if all(one and other and one.stamps == other.stamps for one, other in pairs.values()):
            break  # they were made by the same events
        keys = list(pairs)
    return {key: pair for key, pair in pairs.items() if not _moving(first[key], pair)}


def _moving(before: Pair, now: Pair) -> bool:
    """Whether both versions of every cell that differs have been written meanwhile."""
    (was_one, was_other), (one, other) = before, now
    if not (was_one and was_other and one and other):
        return False
    return all(
        was_one.stamps.get(name) != one.stamps.get(name) and was_other.stamps.get(name) != other.stamps.get(name)
        for name in {*one.cells, *other.cells}
        if plain(one.cells.get(name)) != plain(other.cells.get(name))
    )


def _digest(row: StoredRow | None) -> int:
    """Of the values; not of where they are from: a fold's and a tally's rows are written batch by batch."""
    if row is None:
        return 0
    return hash(repr(sorted((name, told) for name, value in row.cells.items() if (told := plain(value)) is not None)))


def _shown(row: StoredRow | None) -> str:
    return "missing" if row is None else repr(dict(sorted(row.cells.items())))
