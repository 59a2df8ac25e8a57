"""What a table or an index holds: every row, with the stamp at which each of its cells was written."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import httpx

from streams.cassandra import Session, connect
from streams.opensearch import APPLIED, alias_of
from streams.settings import Settings
from streams.sinks import SinkDown
from streams.tables import Index, Table
from streams.versions import FIRST, Versions

PAGE = 1000
Key = tuple[Any, ...]


@dataclass(frozen=True)
class StoredRow:
    """`cells` and `stamps` (see `streams.stamps`) by column; a cell that was never written is in neither."""

    key: Key
    cells: Mapping[str, Any]
    stamps: Mapping[str, int]


async def stored_rows(
    settings: Settings, target: Table | Index, versions: Versions = FIRST
) -> AsyncIterator[StoredRow]:
    """All rows, in the store's own order, a page at a time. Raises SinkDown."""
    if isinstance(target, Table):
        reading = _table(settings, versions.table(target))
    else:
        reading = _index(settings, target, alias_of(settings, target, versions))
    async for row in reading:
        yield row


async def stored_some(
    settings: Settings, target: Table | Index, keys: Sequence[Key], versions: Versions
) -> dict[Key, StoredRow]:
    """The rows of these keys, as far as there are any. Raises SinkDown."""
    if not keys:
        return {}
    if isinstance(target, Table):
        rows = await _table_some(settings, versions.table(target), keys)
    else:
        rows = await _index_some(settings, target, alias_of(settings, target, versions), keys)
    return {row.key: row for row in rows}


async def _table(settings: Settings, table: Table) -> AsyncIterator[StoredRow]:
    session = await connect(settings)
    try:
        async for row in _pages(session, _select(settings, table)):
            yield _row(table, row)
    finally:
        await session.close()


def _row(table: Table, row: Mapping[str, Any]) -> StoredRow:
    cells = {name: row[name] for name in table.columns if row[name] is not None}
    stamps = {name: row[f"{name} written"] for name in cells}
    return StoredRow(tuple(row[name] for name in table.identity), cells, stamps)


async def _table_some(settings: Settings, table: Table, keys: Sequence[Key]) -> list[StoredRow]:
    session = await connect(settings)
    try:
        where = " AND ".join(f'"{name}" = ?' for name in table.identity)
        query = f"{_select(settings, table)} WHERE {where}"
        return [_row(table, row) for key in keys async for row in _pages(session, query, key)]
    finally:
        await session.close()


def _select(settings: Settings, table: Table) -> str:
    names = [f'"{name}"' for name in (*table.identity, *table.columns)]
    times = [f'WRITETIME("{name}") AS "{name} written"' for name in table.columns]
    return f'SELECT {", ".join([*names, *times])} FROM {settings.keyspace}."{table.name}"'


async def _pages(session: Session, query: str, values: Sequence[Any] = ()) -> AsyncIterator[dict[str, Any]]:
    try:
        statement = (await session.create_prepared(query)).bind(page_size=PAGE)
        statement.bind_list(list(values))
        while True:
            result = await session.execute(statement)
            for row in result.all():
                yield cast("dict[str, Any]", row.as_dict())
            if not result.has_more_pages():
                return
            statement.set_page_state(result.page_state())
    except Exception as error:
        raise SinkDown(f"Cassandra did not answer: {error}") from error


async def _index(settings: Settings, index: Index, name: str) -> AsyncIterator[StoredRow]:
    """Documents as of one moment, by a point in time, in the order of their keys, which are keywords."""
    async with httpx.AsyncClient(base_url=settings.opensearch, timeout=30) as client:
        await _asked(client, "POST", f"/{name}/_refresh")
        pit = (await _asked(client, "POST", f"/{name}/_search/point_in_time?keep_alive=2m"))["pit_id"]
        try:
            async for hit in _hits(client, pit, index.key):
                yield _document(index, hit)
        finally:
            await _asked(client, "DELETE", "/_search/point_in_time", {"pit_id": [pit]})


def _document(index: Index, hit: Mapping[str, Any]) -> StoredRow:
    source = dict(hit["_source"])
    stamps = source.pop(APPLIED, {})
    cells = {field: value for field, value in source.items() if field in stamps and field != index.key}
    return StoredRow((hit["_id"],), cells, stamps)


async def _index_some(settings: Settings, index: Index, name: str, keys: Sequence[Key]) -> list[StoredRow]:
    rows: list[StoredRow] = []
    async with httpx.AsyncClient(base_url=settings.opensearch, timeout=30) as client:
        for start in range(0, len(keys), PAGE):
            ids = {"ids": [key[0] for key in keys[start : start + PAGE]]}
            found = (await _asked(client, "POST", f"/{name}/_mget", ids))["docs"]
            rows += [_document(index, hit) for hit in found if hit["found"]]
    return rows


async def _hits(client: httpx.AsyncClient, pit: str, key: str) -> AsyncIterator[dict[str, Any]]:
    after: dict[str, Any] = {}
    while True:
        body = {"size": PAGE, "pit": {"id": pit, "keep_alive": "2m"}, "sort": [{key: "asc"}], **after}
        hits = (await _asked(client, "POST", "/_search", body))["hits"]["hits"]
        for hit in hits:
            yield hit
        if len(hits) < PAGE:
            return
        after = {"search_after": hits[-1]["sort"]}


async def _asked(client: httpx.AsyncClient, method: str, path: str, body: object = None) -> dict[str, Any]:
    try:
        answer = await client.request(method, path, json=body)
    except httpx.HTTPError as error:
        raise SinkDown(f"OpenSearch did not answer: {error!r}") from error
    if answer.is_error:
        raise SinkDown(f"OpenSearch can't answer {path}: {answer.status_code} {answer.text[:500]}")
    return answer.json()
