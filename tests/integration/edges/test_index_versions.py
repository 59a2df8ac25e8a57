"""An index that is declared otherwise: the next version takes the documents over, or says why it can't."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

import httpx
import pytest
import pytest_asyncio

from streams import indices
from streams.keyspace import MigrationError
from streams.opensearch import OpenSearchSink, alias
from streams.processor import Moment
from streams.settings import Settings
from streams.sinks import Placed, SinkDown
from streams.tables import Index

pytestmark = pytest.mark.asyncio(loop_scope="module")
FOLDING = {"analyzer": {"folding": {"tokenizer": "standard", "filter": ["lowercase", "asciifolding"]}}}


@pytest_asyncio.fixture(loop_scope="module")
async def films(settings: Settings) -> AsyncIterator[Index]:
    """An index as an earlier release had it, with a document."""
    films = Index(f"films{uuid.uuid4().hex[:6]}", "film", {"title": {"type": "text"}, "year": {"type": "keyword"}})
    await indices.migrate(settings, [films])
    await write(settings, films, 5, film="a", title="Crème", year="1999")
    yield films
    async with opensearch(settings) as client:
        for version in (1, 2, 3):
            await client.delete(f"/{alias(settings, films)}-v{version}")


def opensearch(settings: Settings) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=settings.opensearch, timeout=30)


async def write(settings: Settings, index: Index, offset: int, **values: Any) -> None:
    sink = OpenSearchSink(settings, [index])
    try:
        await sink.write([Placed(index.put(**values), Moment("films", 0, offset, 0), 0)])
    finally:
        await sink.close()


async def held(settings: Settings, index: Index, offset: int, **values: Any) -> None:
    """Write as a view does: what the index does not take is written again until it does."""
    async with asyncio.timeout(120):
        while True:
            try:
                return await write(settings, index, offset, **values)
            except SinkDown:
                await asyncio.sleep(0.2)


async def versions(settings: Settings, index: Index) -> list[str]:
    async with opensearch(settings) as client:
        found: Mapping[str, Any] = (await client.get(f"/{alias(settings, index)}*/_alias")).json()
    return sorted(name.removeprefix(alias(settings, index)) for name in found)


async def found(settings: Settings, index: Index, title: str) -> list[str]:
    async with opensearch(settings) as client:
        await client.post(f"/{alias(settings, index)}/_refresh")
        body = {"query": {"match": {"title": title}}}
        answer = (await client.post(f"/{alias(settings, index)}/_search", json=body)).json()
    return [hit["_id"] for hit in answer["hits"]["hits"]]


async def test_documents_are_found_by_the_new_declaration_and_keep_their_stamps(
    settings: Settings, films: Index
) -> None:
    assert await found(settings, films, "creme") == []
    folding = {"type": "text", "analyzer": "folding"}
    changed = replace(films, fields={**films.fields, "title": folding}, analysis=FOLDING)
    await indices.migrate(settings, [changed])
    assert await versions(settings, films) == ["-v2"]
    assert await found(settings, films, "creme") == ["a"]
    await write(settings, changed, 4, film="a", title="An older write")
    assert await found(settings, films, "creme") == ["a"]


async def test_the_same_declaration_changes_nothing(settings: Settings, films: Index) -> None:
    await indices.migrate(settings, [films])
    assert await versions(settings, films) == ["-v1"]


async def test_a_document_that_does_not_fit_leaves_the_old_version_at_work(settings: Settings, films: Index) -> None:
    await write(settings, films, 6, film="b", year="last year")
    with pytest.raises(MigrationError, match=r"document b .*year"):
        await indices.migrate(settings, [replace(films, fields={**films.fields, "year": {"type": "integer"}})])
    assert await versions(settings, films) == ["-v1"]
    await write(settings, films, 7, film="b", title="Goes on")
    assert await found(settings, films, "goes") == ["b"]


async def test_a_change_that_was_cut_short_begins_anew(settings: Settings, films: Index) -> None:
    changed = replace(films, fields={**films.fields, "country": {"type": "keyword"}})
    name = alias(settings, films)
    async with opensearch(settings) as client:
        await client.put(f"/{name}-v2", json={"mappings": {"properties": {"stale": {"type": "keyword"}}}})
        await client.put(f"/{name}-v1/_settings", json={"index.blocks.write": True})
    with pytest.raises(SinkDown):
        await write(settings, films, 8, film="c", title="Held")
    await indices.migrate(settings, [changed])
    await write(settings, changed, 8, film="c", title="Held", country="dk")
    assert await versions(settings, films) == ["-v2"]
    assert await found(settings, changed, "held") == ["c"]


async def test_writes_that_come_meanwhile_are_held_and_then_written(settings: Settings, films: Index) -> None:
    changed = replace(films, fields={**films.fields, "country": {"type": "keyword"}})
    writing = asyncio.gather(*(held(settings, films, n, film=f"n{n}", title="Meanwhile") for n in range(20, 40)))
    await indices.migrate(settings, [changed])
    await writing
    async with opensearch(settings) as client:
        await client.post(f"/{alias(settings, films)}/_refresh")
        count = (await client.get(f"/{alias(settings, films)}/_count?q=title:meanwhile")).json()["count"]
    assert count == 20
