"""Migrations: the keyspace and tables of Cassandra, made from what views declare."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from streams.cassandra import Session, connect
from streams.serving import versions_in
from streams.settings import Settings
from streams.tables import Table


class MigrationError(RuntimeError):
    """A declared table or index contradicts what is stored; the text says how to mend it."""


async def migrate(settings: Settings, tables: Iterable[Table]) -> None:
    """Create the keyspace and what is missing of `tables`, in the versions that serve; columns are added, nothing is
    dropped.

    Raises MigrationError where a key or a column's type has changed: rows can't be turned into others, so
    a table of another name is built from the log. Raises SinkDown where Cassandra does not answer.
    """
    session = await connect(settings)
    try:
        await _run(
            session,
            f"CREATE KEYSPACE IF NOT EXISTS {settings.keyspace} WITH replication = "
            f"{{'class': 'NetworkTopologyStrategy', 'replication_factor': {settings.replication}}}",
        )
        serving = await versions_in(session, settings.keyspace)
        for table in tables:
            await _one(session, settings.keyspace, serving.table(table))
    finally:
        await session.close()


async def _one(session: Session, keyspace: str, table: Table) -> None:
    stored = await _stored(session, keyspace, table.name)
    if not stored:
        await _run(session, create(keyspace, table))
        return
    check(table, stored)
    for name, kind in table.columns.items():
        if name not in stored:
            await _run(
                session,
                f'ALTER TABLE {keyspace}."{table.name}" ADD IF NOT EXISTS "{name}" {cql_type(kind)}',
            )


def create(keyspace: str, table: Table) -> str:
    """The statement that makes a table."""
    fields = {**table.key, **table.rows, **table.columns}
    columns = ", ".join(f'"{name}" {cql_type(kind)}' for name, kind in fields.items())
    partition = ", ".join(f'"{name}"' for name in table.key)
    primary = ", ".join([f"({partition})", *(f'"{name}"' for name in table.rows)])
    direction = "DESC" if table.newest_first else "ASC"
    order = ", ".join(f'"{name}" {direction}' for name in table.rows)
    clustering = f" WITH CLUSTERING ORDER BY ({order})" if order else ""
    return f'CREATE TABLE IF NOT EXISTS {keyspace}."{table.name}" ({columns}, PRIMARY KEY ({primary})){clustering}'


def cql_type(column: str) -> str:
    """The column's type; collections are frozen.

    An unfrozen list written twice at one timestamp holds its elements twice, as each element gets an id of
    its own; frozen, it is one cell like any other.
    """
    return f"frozen<{column}>" if "<" in column else column


def check(table: Table, stored: dict[str, tuple[str, str, str]]) -> None:
    """Raise MigrationError unless `stored` (column to kind, type, order) is an earlier form of `table`."""
    direction = "desc" if table.newest_first else "asc"
    wanted = [*((n, "partition_key", cql_type(k), "none") for n, k in table.key.items())]
    wanted += [(n, "clustering", cql_type(k), direction) for n, k in table.rows.items()]
    found = [(n, *kind) for n, kind in stored.items() if kind[0] in ("partition_key", "clustering")]
    if sorted(wanted) != sorted(found):
        raise MigrationError(
            f"table {table.name}: the key is declared as {_named(wanted)}, stored as {_named(found)}\n"
            "  mend:   give the new form a name of its own; it is built from the log"
        )
    for name, kind in table.columns.items():
        if name in stored and stored[name][1].replace(" ", "") != cql_type(kind):
            raise MigrationError(
                f"table {table.name}: column {name} is declared as {kind}, stored as {stored[name][1]}\n"
                "  mend:   add a column of another name, or give the table a name of its own"
            )


def _named(key: list[tuple[str, ...]]) -> str:
    return ", ".join(f"{name} {kind} ({role}, {order})" for name, role, kind, order in key)


async def _stored(session: Session, keyspace: str, table: str) -> dict[str, tuple[str, str, str]]:
    result = await _run(
        session,
        "SELECT column_name, kind, type, clustering_order FROM system_schema.columns "
        f"WHERE keyspace_name = '{keyspace}' AND table_name = '{table}'",
    )
    rows = [row.as_dict() for row in result.all()]
    return {row["column_name"]: (row["kind"], row["type"], row["clustering_order"]) for row in rows}


async def _run(session: Session, statement: str) -> Any:
    return await session.execute(session.query(statement, timeout=30.0))
