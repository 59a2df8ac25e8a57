"""Stores that go away and come back: writes fail plainly meanwhile, and go through afterwards."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from urllib.parse import urlsplit

import httpx
import pytest

from streams import indices
from streams.cassandra import CassandraSink
from streams.keyspace import MigrationError, migrate
from streams.objects import Blob, Objects
from streams.opensearch import OpenSearchSink, alias
from streams.processor import Moment
from streams.rows import Row, Rows
from streams.settings import Settings
from streams.sinks import Placed, SinkDown
from streams.store_errors import StoreDown
from streams.stored import stored_rows
from streams.tables import Index, Table
from tests.cable import cable

NOTES = Table("notes", key={"note": "text"}, columns={"text": "text"})
PAGES = Index("pages", key="page", fields={"text": {"type": "text"}})


def at(offset: int, target: Table | Index, **values: str) -> Placed:
    return Placed(target.put(**values), Moment("films", 0, offset, 0), 0)


async def eventually_write(sink: CassandraSink | OpenSearchSink, placed: Placed) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                return await sink.write([placed])
            except SinkDown:
                await asyncio.sleep(0.2)


async def eventually_read(rows: Rows, note: str) -> Row:
    """A session of its own, which finds its way back in its own time."""
    async with asyncio.timeout(60):
        while True:
            try:
                return await rows.get(NOTES, note=note) or {}
            except SinkDown:
                await asyncio.sleep(0.2)


async def test_cassandra_away_holds_writes_and_reads_then_takes_them(settings: Settings) -> None:
    await migrate(settings, [NOTES])
    async with cable(settings.cassandra) as way:
        through = replace(settings, cassandra=f"127.0.0.1:{way.port}")
        sink = CassandraSink(through, [NOTES])
        await sink.open()
        async with Rows(through) as rows:
            await sink.write([at(1, NOTES, note="n", text="before")])
            await way.cut()
            with pytest.raises(SinkDown):
                await sink.write([at(2, NOTES, note="n", text="after")])
            with pytest.raises(SinkDown):
                await rows.get(NOTES, note="n")
            await way.mend()
            await eventually_write(sink, at(2, NOTES, note="n", text="after"))
            assert (await eventually_read(rows, "n"))["text"] == "after"
        await sink.close()


async def test_opensearch_away_holds_writes_then_takes_them(settings: Settings) -> None:
    await indices.migrate(settings, [PAGES])
    async with cable(urlsplit(settings.opensearch).netloc) as way:
        sink = OpenSearchSink(replace(settings, opensearch=f"http://127.0.0.1:{way.port}"), [PAGES])
        await sink.open()
        await way.cut()
        with pytest.raises(SinkDown):
            await sink.write([at(1, PAGES, page="p", text="t")])
        await way.mend()
        await eventually_write(sink, at(1, PAGES, page="p", text="t"))
        await sink.close()


async def block(settings: Settings, kind: str, on: bool | None) -> None:
    async with httpx.AsyncClient(base_url=settings.opensearch) as client:
        index = f"{alias(settings, PAGES)}-v1"
        (await client.put(f"/{index}/_settings", json={f"index.blocks.{kind}": on})).raise_for_status()


async def test_an_index_that_takes_no_writes_holds_them_then_takes_them(settings: Settings) -> None:
    """A write that is refused for its index's sake is no dead letter: disks are full, or a change is being made."""
    await indices.migrate(settings, [PAGES])
    sink = OpenSearchSink(settings, [PAGES])
    await sink.open()
    await block(settings, "write", True)
    with pytest.raises(SinkDown, match="blocked"):
        await sink.write([at(1, PAGES, page="p", text="t")])
    await indices.migrate(settings, [PAGES])  # as after a change that was cut short
    await sink.write([at(1, PAGES, page="p", text="t")])
    assert [row.key async for row in stored_rows(settings, PAGES)] == [("p",)]
    await sink.close()


async def test_an_index_that_can_not_be_blocked_is_not_copied(settings: Settings) -> None:
    """The copy would lack what is written meanwhile: the former version goes on."""
    await indices.migrate(settings, [PAGES])
    await block(settings, "read_only", True)
    more = replace(PAGES, fields={**PAGES.fields, "more": {"type": "text"}})
    with pytest.raises(MigrationError, match="index pages can't be changed"):
        await indices.migrate(settings, [more])
    await block(settings, "read_only", False)
    sink = OpenSearchSink(settings, [PAGES])
    await sink.open()
    await sink.write([at(1, PAGES, page="p", text="t")])
    assert [row.key async for row in stored_rows(settings, PAGES)] == [("p",)]
    await indices.migrate(settings, [more])
    assert [row.key async for row in stored_rows(settings, more)] == [("p",)]
    await sink.close()


async def test_an_object_store_away_is_down_and_comes_back(settings: Settings) -> None:
    async with cable(urlsplit(settings.s3).netloc) as way:
        through = replace(settings, s3=f"http://127.0.0.1:{way.port}")
        async with Objects(through) as objects:
            await objects.ensure_bucket()
            await objects.put(Blob("k", b"body"))
            await way.cut()
            with pytest.raises(StoreDown):
                await objects.put(Blob("k", b"other"))
            await way.mend()
            assert await objects.get("k") == b"body"
            await objects.delete("k")
