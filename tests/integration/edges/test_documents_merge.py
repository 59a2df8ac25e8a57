"""Documents in OpenSearch: fields of several topics merge, each field's writes in the order of the log."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
import pytest_asyncio

from streams import indices
from streams.opensearch import OpenSearchSink, alias
from streams.processor import Moment
from streams.settings import Settings
from streams.sinks import Placed, SinkDown, SinkRefused
from streams.tables import Index

pytestmark = pytest.mark.asyncio(loop_scope="module")
FILMS = Index(
    "films",
    key="film",
    fields={
        "title": {"type": "text", "analyzer": "plain"},
        "year": {"type": "integer"},
        "tags": {"type": "keyword"},
        "views": {"type": "long"},
    },
    analysis={"analyzer": {"plain": {"tokenizer": "standard", "filter": ["lowercase", "asciifolding"]}}},
)


def at(offset: int, topic: str = "films", index: int = 0, **values: Any) -> Placed:
    return Placed(FILMS.put(**values), Moment(topic, 0, offset, 0), index)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sink(settings: Settings) -> AsyncIterator[OpenSearchSink]:
    await indices.migrate(settings, [FILMS])
    await indices.migrate(settings, [FILMS])
    sink = OpenSearchSink(settings, [FILMS])
    await sink.open()
    yield sink
    await sink.close()
    async with httpx.AsyncClient(base_url=settings.opensearch, timeout=60) as client:
        await client.delete(f"/{alias(settings, FILMS)}-v1")


async def get(settings: Settings, film: str) -> dict[str, Any]:
    async with httpx.AsyncClient(base_url=settings.opensearch, timeout=60) as client:
        found = (await client.get(f"/{alias(settings, FILMS)}/_doc/{film}")).json()["_source"]
    return {name: value for name, value in found.items() if name != "_applied"}


async def test_fields_of_one_topic_merge_and_the_newest_wins(sink: OpenSearchSink, settings: Settings) -> None:
    await sink.write([at(1, film="a", title="old", year=1999), at(2, film="a", title="new", tags=["x"])])
    assert await get(settings, "a") == {"film": "a", "title": "new", "year": 1999, "tags": ["x"]}


async def test_older_writes_and_repeats_change_nothing(sink: OpenSearchSink, settings: Settings) -> None:
    batch = [at(5, film="b", title="five"), at(6, film="b", title="six", year=6)]
    await sink.write(batch)
    once = await get(settings, "b")
    await sink.write(batch)
    await sink.write([at(4, film="b", title="four", year=4)])
    await sink.write(batch[:1])
    assert await get(settings, "b") == once == {"film": "b", "title": "six", "year": 6}


async def test_an_older_write_that_comes_late_sets_what_no_newer_one_has(
    sink: OpenSearchSink, settings: Settings
) -> None:
    await sink.write([at(9, film="f", title="nine", year=9)])
    await sink.write([at(7, film="f", title="seven", tags=["x"])])  # a dead letter, tried again
    await sink.write([at(5, film="f", year=5, tags=["y"])])
    assert await get(settings, "f") == {"film": "f", "title": "nine", "year": 9, "tags": ["x"]}


async def test_topics_do_not_shadow_each_other(sink: OpenSearchSink, settings: Settings) -> None:
    await sink.write([at(900, film="c", title="t")])
    await sink.write([at(3, "view-counts", film="c", views=7)])
    await sink.write([at(2, "view-counts", film="c", views=5)])
    assert await get(settings, "c") == {"film": "c", "title": "t", "views": 7}


async def test_of_one_record_s_writes_the_later_wins(sink: OpenSearchSink, settings: Settings) -> None:
    for film, order in (("d0", (0, 1)), ("d1", (1, 0))):
        await sink.write([at(1, index=n, film=film, title=("first", "second")[n]) for n in order])
        assert (await get(settings, film))["title"] == "second"


async def test_stamps_stay_exact_at_great_offsets(sink: OpenSearchSink, settings: Settings) -> None:
    far = (1 << 43) - 2
    await sink.write([at(far + 1, film="e", title="later"), at(far, film="e", title="earlier")])
    assert (await get(settings, "e"))["title"] == "later"


async def test_a_large_batch_is_confirmed_whole_and_found(sink: OpenSearchSink, settings: Settings) -> None:
    await sink.write([at(n, film=f"n{n}", title=f"Crème number {n}") for n in range(2500)])
    async with httpx.AsyncClient(base_url=settings.opensearch, timeout=60) as client:
        await client.post(f"/{alias(settings, FILMS)}/_refresh")
        body = {"query": {"match": {"title": "creme"}}, "track_total_hits": True}
        found = (await client.post(f"/{alias(settings, FILMS)}/_search", json=body)).json()
    assert found["hits"]["total"]["value"] == 2500


async def test_a_field_that_does_not_fit_is_refused_by_name(sink: OpenSearchSink) -> None:
    with pytest.raises(SinkRefused, match=r"films .*'bad'.*year"):
        await sink.write([at(1, film="good", year=1), at(1, film="bad", year="never")])


async def test_a_write_before_the_index_exists_is_held_not_made_up(settings: Settings, sink: OpenSearchSink) -> None:
    early = OpenSearchSink(replace(settings, namespace=settings.namespace + "early"), [FILMS])
    with pytest.raises(SinkDown, match="index films is missing"):
        await early.write([at(1, film="x")])
    await early.close()


async def test_a_silent_server_is_down(settings: Settings) -> None:
    nowhere = OpenSearchSink(replace(settings, opensearch="http://127.0.0.1:9"), [FILMS])
    with pytest.raises(SinkDown, match="does not answer"):
        await nowhere.open()
    await nowhere.close()
