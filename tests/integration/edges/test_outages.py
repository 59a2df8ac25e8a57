"""Stores that go away and come back: writes fail plainly meanwhile, and go through afterwards."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from streams import indices
from streams.cassandra import CassandraSink
from streams.keyspace import migrate
from streams.objects import Blob, Objects
from streams.opensearch import OpenSearchSink
from streams.processor import Moment
from streams.rows import Row, Rows
from streams.settings import Settings
from streams.sinks import Placed, SinkDown
from streams.store_errors import StoreDown
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
