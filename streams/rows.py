"""The reading side of Cassandra: rows of the tables that views have written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self, cast

from streams.cassandra import Session, connect, permanent
from streams.serving import Serving
from streams.settings import Settings
from streams.sinks import SinkDown
from streams.tables import Table

Row = dict[str, Any]


class Rows:
    """Reads by key, never by filter, what serves. Statements are prepared once; one object serves many requests."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._session: Session = None
        self._prepared: dict[str, Any] = {}
        self.serving = Serving(settings)

    async def open(self) -> None:
        """Connect; raises SinkDown where Cassandra does not answer."""
        self._session = await connect(self._settings)
        await self.serving.open(self._session)

    async def close(self) -> None:
        await self.serving.close()
        if self._session is not None:
            await self._session.close()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def get(self, table: Table, **key: Any) -> Row | None:
        """The row named by the whole key, absent cells as None; None where there is no such row."""
        _require(table, key, table.identity)
        where = " AND ".join(f'"{name}" = ?' for name in table.identity)
        found = await self._read(
            f"SELECT * FROM {self._name(table)} WHERE {where}",
            [key[name] for name in table.identity],
        )
        return found[0] if found else None

    async def list(
        self,
        table: Table,
        after: Mapping[str, Any] | None = None,
        limit: int = 100,
        **key: Any,
    ) -> list[Row]:
        """Rows of one partition, in the table's order; `key` may go on into the first columns of its rows.

        `after` is the last row of the page before (or just its remaining key columns).
        """
        rest = [name for name in table.rows if name not in key]
        fixed = [name for name in table.identity if name in key]
        _require(table, key, (*table.identity[: len(table.identity) - len(rest)],))
        clauses = [f'"{name}" = ?' for name in fixed]
        values = [key[name] for name in fixed]
        if after is not None and rest:
            columns = ", ".join(f'"{name}"' for name in rest)
            sign = "<" if table.newest_first else ">"
            clauses.append(f"({columns}) {sign} ({', '.join('?' * len(rest))})")
            values += [after[name] for name in rest]
        return await self._read(
            f"SELECT * FROM {self._name(table)} WHERE {' AND '.join(clauses)} LIMIT ?",
            [*values, limit],
        )

    async def sums(self, table: Table, columns: Sequence[str], **key: Any) -> dict[str, int]:
        """The sums of whole-number columns over the rows of one partition, added up where they are; 0 of no rows."""
        _require(table, key, tuple(table.key))
        added = ", ".join(f'sum("{name}") AS "{name}"' for name in columns)
        where = " AND ".join(f'"{name}" = ?' for name in table.key)
        query = f"SELECT {added} FROM {self._name(table)} WHERE {where}"
        [row] = await self._read(query, [key[name] for name in table.key])
        return {name: row[name] or 0 for name in columns}

    def _name(self, table: Table) -> str:
        return f'{self._settings.keyspace}."{self.serving.now.table(table).name}"'

    async def _read(self, query: str, values: list[Any]) -> list[Row]:
        try:
            if query not in self._prepared:
                self._prepared[query] = await self._session.create_prepared(query)
            statement = self._prepared[query].bind(page_size=5000)
            statement.set_is_idempotent(True)
            statement.bind_list(values)
            return await self._pages(statement)
        except (ValueError, TypeError, OverflowError):
            raise
        except Exception as error:
            if permanent(error):
                if await self.serving.look():
                    raise SinkDown("what is read has just moved to its next version: read again") from error
                raise ValueError(f"Cassandra refuses to read: {error}") from error
            raise SinkDown(f"Cassandra did not answer: {error}") from error

    async def _pages(self, statement: Any) -> list[Row]:
        rows: list[Row] = []
        while True:
            result = await self._session.execute(statement)
            rows += [cast("Row", row.as_dict()) for row in result.all()]
            if not result.has_more_pages():
                return rows
            statement.set_page_state(result.page_state())


def _require(table: Table, given: Mapping[str, Any], wanted: tuple[str, ...]) -> None:
    if set(given) != set(wanted):
        raise ValueError(f"{table.name} is read by {', '.join(wanted)}, not by {', '.join(given) or 'nothing'}")
