"""Versions of what is shown and of the state behind it: the names under which they stand beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from streams.tables import Index, Table

VIEW_VERSIONS = Table(
    "view_versions",
    key={"what": "text"},  # one partition: what is rebuilt together flips in one conditional batch
    rows={"member": "text"},
    columns={"serving": "int", "former": "int", "building": "int", "flipped_at": "bigint", "holder": "text"},
)


@dataclass(frozen=True)
class Versions:
    """The serving version of what was rebuilt, by `member`, and the former where it still stands; all else is at 1.

    Version 1 has the logical names. `building`: this is the next version, which does not serve yet.
    """

    serving: Mapping[str, int] = field(default_factory=dict[str, int])
    former: Mapping[str, int] = field(default_factory=dict[str, int])
    building: bool = False

    def table(self, table: Table) -> Table:
        """The table as it stands in the keyspace."""
        return replace(table, name=versioned(table.name, self.serving.get(member(table), 1), "_v"))

    def processor(self, name: str) -> str:
        """What a processor's positions, changelog, transactional ids and local state go by."""
        return versioned(name, self.serving.get(member(name), 1))

    def formerly(self, name: str) -> str | None:
        """What `processor` was before the last flip, while that still stands."""
        number = self.former.get(member(name))
        return None if number is None else versioned(name, number)


FIRST = Versions()


def member(of: Table | Index | str) -> str:
    """The name of a table, an index or (a string) a processor among all that has versions."""
    return f"processor {of}" if isinstance(of, str) else f"{type(of).__name__.lower()} {of.name}"


def versioned(name: str, number: int, joint: str = "-v") -> str:
    return name if number == 1 else f"{name}{joint}{number}"
