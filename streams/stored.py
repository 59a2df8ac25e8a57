"""What a table or an index holds: every row, with the stamp at which each of its cells was written."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import httpx

from streams.cassandra import Session, connect
from streams.opensearch import APPLIED, alias
from streams.settings import Settings
from streams.sinks import SinkDown
from streams.tables import Index, Table

PAGE = 1000


@dataclass(frozen=True)
class StoredRow:
    """`cells` and `stamps` (see `streams.stamps`) by column; a cell that was never written is in neither."""

    key: tuple[Any, ...]
    cells: Mapping[str, Any]
    stamps: Mapping[str, int]


async def stored_rows(settings: Settings, target: Table | Index) -> AsyncIterator[StoredRow]:
    """All rows, in the store's own order, a page at a time. Raises SinkDown."""
    reading = _table(settings, target) if isinstance(target, Table) else _index(settings, target)
    async for row in reading:
        yield row


async def _table(settings: Settings, table: Table) -> AsyncIterator[StoredRow]:
    session = await connect(settings)
    try:
        async for row in _pages(session, _select(settings, table)):
            cells = {name: row[name] for name in table.columns if row[name] is not None}
            stamps = {name: row[f"{name} written"] for name in cells}
            yield StoredRow(tuple(row[name] for name in table.identity), cells, stamps)
    finally:
        await session.close()


def _select(settings: Settings, table: Table) -> str:
    names = [f'"{name}"' for name in (*table.identity, *table.columns)]
    times = [f'WRITETIME("{name}") AS "{name} written"' for name in table.columns]
    return f'SELECT {", ".join([*names, *times])} FROM {settings.keyspace}."{table.name}"'


async def _pages(session: Session, query: str) -> AsyncIterator[dict[str, Any]]:
    try:
        statement = (await session.create_prepared(query)).bind(page_size=PAGE)
        while True:
            result = await session.execute(statement)
            for row in result.all():
                yield cast("dict[str, Any]", row.as_dict())
            if not result.has_more_pages():
                return
            statement.set_page_state(result.page_state())
    except Exception as error:
        raise SinkDown(f"Cassandra did not answer: {error}") from error


async def _index(settings: Settings, index: Index) -> AsyncIterator[StoredRow]:
    """Documents as of one moment, by a point in time, in the order of their keys, which are keywords."""
    async with httpx.AsyncClient(base_url=settings.opensearch, timeout=30) as client:
        name = alias(settings, index)
        await _asked(client, "POST", f"/{name}/_refresh")
        pit = (await _asked(client, "POST", f"/{name}/_search/point_in_time?keep_alive=2m"))["pit_id"]
        try:
            async for hit in _hits(client, pit, index.key):
                source = dict(hit["_source"])
                stamps = source.pop(APPLIED, {})
                cells = {field: value for field, value in source.items() if field in stamps and field != index.key}
                yield StoredRow((hit["_id"],), cells, stamps)
        finally:
            await _asked(client, "DELETE", "/_search/point_in_time", {"pit_id": [pit]})


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
