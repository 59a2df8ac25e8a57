"""What a view writes into, declared as data: a Cassandra table, an OpenSearch index, and one write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import msgspec

Column = Literal["text", "int", "bigint", "double", "boolean", "blob", "list<text>", "map<text,text>", "map<text,int>"]


class WriteError(ValueError):
    """A view returned a write that its table does not have; the text names the column."""


@dataclass(frozen=True)
class Table:
    """A Cassandra table made for one query: rows of a partition (`key`), in the order of `rows`."""

    name: str
    key: Mapping[str, Column]
    columns: Mapping[str, Column]
    rows: Mapping[str, Column] = field(default_factory=dict[str, Column])
    newest_first: bool = False

    @cached_property
    def identity(self) -> tuple[str, ...]:
        """The columns that name a row."""
        return (*self.key, *self.rows)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All columns, those that name a row first."""
        return (*self.identity, *self.columns)

    def put(self, **values: Any) -> Write:
        """A row's key columns and the cells to write; cells left out (or None) stay as they are.

        Raises WriteError for a key column that is missing or a column that the table lacks.
        """
        return _write(self, values)

    def clear(self, **key: Any) -> Write:
        """Delete a row, or with the first columns of its key all rows that they name: what was written before.

        Later writes live on, also those that follow in the same event's list. Raises WriteError for a column that
        is no key, or where one before it is missing.
        """
        named = self.identity[: len(key)]
        if set(key) != set(named) or len(named) < len(self.key) or None in key.values():
            raise WriteError(
                f"{self.name}: can't clear by {', '.join(key) or 'nothing'}\n"
                f"  mend:   name {', '.join(self.key)}, then as many of the row's columns as you like, in their order: "
                f"{', '.join(self.rows) or 'it has none'}"
            )
        return Write(self, {name: key[name] for name in named}, {}, clears=True)


@dataclass(frozen=True)
class Index:
    """An OpenSearch index; a document is named by `key`. `fields` is the mapping's `properties`.

    `analysis` and `similarity` are the index's settings of that name. Changing any of them makes a new version of
    the index out of the old one (`indices.migrate`).
    """

    name: str
    key: str
    fields: Mapping[str, Mapping[str, Any]]
    analysis: Mapping[str, Any] = field(default_factory=dict[str, Any])
    similarity: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @cached_property
    def identity(self) -> tuple[str, ...]:
        return (self.key,)

    @property
    def columns(self) -> Mapping[str, Any]:
        return self.fields

    @cached_property
    def names(self) -> tuple[str, ...]:
        return (*self.identity, *self.columns)

    def put(self, **values: Any) -> Write:
        """A document's key and the fields to write; fields left out (or None) stay as they are."""
        return _write(self, values)


class Write(msgspec.Struct, frozen=True):
    """One row's or document's changed cells. The engine orders it by the source's position.

    `clears` deletes instead: the rows whose identity begins with `key`.
    """

    into: Table | Index
    key: Mapping[str, Any]
    cells: Mapping[str, Any]
    clears: bool = False


def _write(target: Table | Index, values: Mapping[str, Any]) -> Write:
    if unknown := values.keys() - target.names:
        raise WriteError(
            f"{target.name} has no column {', '.join(sorted(unknown))}\n  columns: {', '.join(sorted(target.names))}"
        )
    cells = {name: value for name, value in values.items() if value is not None}
    key = {name: cells.pop(name) for name in target.identity if name in cells}
    if len(key) < len(target.identity):
        raise WriteError(
            f"{target.name}: a row is known by {', '.join(target.identity)}; "
            f"{', '.join(name for name in target.identity if name not in key)} is missing"
        )
    return Write(target, key, cells)
