"""Cassandra: the connection, and the sink that makes a view's writes rows."""

from __future__ import annotations

import asyncio
import contextlib
import copy
from collections.abc import Iterable, Sequence
from typing import Any, Self, cast

import acsylla

from streams.row_batches import batches
from streams.settings import Settings
from streams.sinks import Placed, SinkDown, SinkRefused
from streams.stamps import stamp_of
from streams.tables import Table
from streams.versions import FIRST, Versions

IN_FLIGHT = 64  # requests at a time
TRIES = 4
PERMANENT = (
    "CassErrorServerInvalidQuery",
    "CassErrorServerSyntaxError",
    "CassErrorServerUnauthorized",
    "CassErrorServerConfigError",
)

Session = Any  # acsylla's are Cython objects behind abstract classes; they pass through here only


async def connect(settings: Settings) -> Session:
    """A session of the cluster; raises SinkDown where no node answers."""
    host, _, port = settings.cassandra.rpartition(":")
    cluster = acsylla.create_cluster(
        host.split(","),
        port=int(port),
        consistency=acsylla.Consistency.LOCAL_QUORUM,
        exponential_reconnect_base_delay_ms=200,
        exponential_reconnect_max_delay_ms=5000,
        log_level="critical",
    )
    try:
        return await cluster.create_session()
    except Exception as error:
        raise SinkDown(
            f"Cassandra at {settings.cassandra} does not answer: {error}\n  mend:   playlog doctor"
        ) from error


async def prepared(session: Session, query: str) -> Any:
    """A statement of it. Raises SinkDown where Cassandra does not answer, its own error where it refuses."""
    try:
        return await session.create_prepared(query)
    except Exception as error:
        if permanent(error):
            raise
        raise SinkDown(f"Cassandra did not prepare a statement: {error}") from error


def permanent(error: BaseException) -> bool:
    """Whether trying again can't help."""
    return any(kind.__name__ in PERMANENT for kind in type(error).__mro__)


class CassandraSink:
    """Rows written `USING TIMESTAMP` of their place in the log: repeats and late older writes change nothing.

    A cell left out of a write stays unset, which leaves what is stored alone (null would be a tombstone). What is
    cleared at a place stays so for writes of earlier places and of that very one, as long as the table keeps the
    tombstone (`gc_grace_seconds`, ten days).
    """

    def __init__(self, settings: Settings, tables: Iterable[Table], epoch: int = 0, versions: Versions = FIRST) -> None:
        """`tables` exist already (`keyspace.migrate`). `epoch` rises when a source topic is made anew."""
        self._settings = settings
        self._tables = {table.name: table for table in tables}
        self._epoch = epoch
        self.versions = versions
        self._session: Session = None
        self._prepared: dict[str, Any] = {}

    async def open(self) -> None:
        self._session = await connect(self._settings)
        await self.prepare()

    async def at(self, versions: Versions) -> Self:
        made = copy.copy(self)
        made.versions = versions
        await made.prepare()
        return made

    async def prepare(self) -> None:
        keyspace, self._prepared = self._settings.keyspace, {}
        for name, table in self._tables.items():
            self._prepared[name] = await prepared(self._session, insert(keyspace, self.versions.table(table)))

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def write(self, writes: Sequence[Placed]) -> None:
        """Confirm all writes, many a request (`row_batches`)."""
        gate = asyncio.Semaphore(IN_FLIGHT)
        try:
            async with asyncio.TaskGroup() as group:
                for rows in batches(writes):
                    group.create_task(self._send(rows, gate))
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None

    async def _send(self, rows: Sequence[Placed], gate: asyncio.Semaphore) -> None:
        async with gate:
            await self._confirmed(rows)

    async def _confirmed(self, rows: Sequence[Placed]) -> None:
        """Send rows until they are confirmed, a few times; together, or one by one where together they are refused."""
        for attempt in range(1, TRIES + 1):
            try:
                await self._once(rows)
                return
            except SinkRefused:
                raise
            except Exception as error:
                if permanent(error) and "unconfigured table" not in str(error):  # a version that was dropped
                    if len(rows) == 1:
                        raise SinkRefused(f"{rows[0].write.into.name}: Cassandra refuses: {error}") from error
                    break
                if attempt == TRIES:
                    raise SinkDown(f"Cassandra did not confirm {len(rows)} rows: {error}") from error
                await asyncio.sleep(0.05 * 4**attempt)
        for row in rows:
            await self._confirmed([row])

    async def _once(self, rows: Sequence[Placed]) -> None:
        statements = [await self._clearing(p) if p.write.clears else self._bound(p) for p in rows]
        if len(statements) == 1:
            statements[0].set_is_idempotent(True)
            await self._session.execute(statements[0])
            return
        batch: Any = acsylla.create_batch_unlogged()
        batch.set_is_idempotent(True)
        for statement in statements:
            batch.add_statement(statement)
        await self._session.execute_batch(batch)

    async def _clearing(self, placed: Placed) -> Any:
        table, key = cast("Table", placed.write.into), placed.write.key
        name = f"{table.name} by {', '.join(key)}"
        if name not in self._prepared:
            self._prepared[name] = await self._session.create_prepared(
                delete(self._settings.keyspace, self.versions.table(table), key)
            )
        statement = self._prepared[name].bind()
        statement.bind(0, stamp_of(placed, self._epoch))
        for place, (column, value) in enumerate(key.items(), start=1):
            _bind(statement, place, table, column, value)
        return statement

    def _bound(self, placed: Placed) -> Any:
        table, write = cast("Table", placed.write.into), placed.write
        statement = self._prepared[table.name].bind()
        values = {**write.key, **write.cells}
        if len(values) == len(table.names):
            row = [values[name] for name in table.names]
            with contextlib.suppress(ValueError, TypeError, OverflowError):  # one by one they say which does not fit
                statement.bind_list([*row, stamp_of(placed, self._epoch)])
                return statement
        for place, name in enumerate(table.names):
            if name in values:
                _bind(statement, place, table, name, values[name])
        statement.bind(len(table.names), stamp_of(placed, self._epoch))
        return statement


def insert(keyspace: str, table: Table) -> str:
    """The statement that writes any cells of a row; INSERT, so that a row of a key alone exists."""
    names = [f'"{name}"' for name in table.names]
    marks = ", ".join("?" * len(names))
    return f'INSERT INTO {keyspace}."{table.name}" ({", ".join(names)}) VALUES ({marks}) USING TIMESTAMP ?'


def delete(keyspace: str, table: Table, key: Iterable[str]) -> str:
    """The statement that deletes the rows whose identity begins with these columns."""
    where = " AND ".join(f'"{name}" = ?' for name in key)
    return f'DELETE FROM {keyspace}."{table.name}" USING TIMESTAMP ? WHERE {where}'


def _bind(statement: Any, place: int, table: Table, name: str, value: Any) -> None:
    try:
        statement.bind(place, _plain(value))
    except (ValueError, TypeError, OverflowError) as error:
        kind = {**table.key, **table.rows, **table.columns}[name]
        raise SinkRefused(f"{table.name}.{name} is {kind}; a view wrote {value!r}: {error}") from error


def _plain(value: Any) -> Any:
    return list(cast("tuple[Any, ...]", value)) if isinstance(value, tuple) else value
