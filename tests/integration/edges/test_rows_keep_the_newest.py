"""Rows in Cassandra: written in any order and any number of times, they end up as the log says."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from streams.cassandra import CassandraSink
from streams.keyspace import MigrationError, migrate
from streams.processor import Moment
from streams.rows import Rows
from streams.settings import Settings
from streams.sinks import Placed, SinkRefused
from streams.tables import Table

FILMS = Table(
    "films",
    key={"film": "text"},
    columns={
        "title": "text",
        "views": "bigint",
        "tags": "list<text>",
        "extra": "map<text,text>",
        "open": "boolean",
        "order": "int",
        "share": "double",
        "blob": "blob",
    },
)
SCENES = Table(
    "scenes",
    key={"film": "text"},
    rows={"reel": "text", "number": "int"},
    columns={"note": "text"},
)
NEWS = Table(
    "news",
    key={"day": "text"},
    rows={"at": "bigint"},
    columns={"text": "text"},
    newest_first=True,
)
TABLES = (FILMS, SCENES, NEWS)


def at(offset: int, table: Table = FILMS, index: int = 0, **values: Any) -> Placed:
    return Placed(table.put(**values), Moment("films", 0, offset, 0), index)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sink(settings: Settings) -> AsyncIterator[CassandraSink]:
    await migrate(settings, TABLES)
    sink = CassandraSink(settings, TABLES)
    await sink.open()
    yield sink
    await sink.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rows(settings: Settings) -> AsyncIterator[Rows]:
    async with Rows(settings) as rows:
        yield rows


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_every_column_type_comes_back(sink: CassandraSink, rows: Rows) -> None:
    values: dict[str, Any] = {
        "film": "types", "title": "Ü", "views": 1 << 40, "tags": ("a", "b"), "extra": {"k": "v"},
        "open": True, "order": -3, "share": 0.25, "blob": b"\x00\xff",
    }  # fmt: skip
    await sink.write([at(1, **values)])
    assert await rows.get(FILMS, film="types") == {**values, "tags": ["a", "b"]}


async def test_an_older_write_after_a_newer_one_changes_nothing(sink: CassandraSink, rows: Rows) -> None:
    await sink.write([at(7, film="f", title="new", views=7)])
    await sink.write([at(6, film="f", title="old", open=True)])
    row = await rows.get(FILMS, film="f")
    assert row is not None
    assert (row["title"], row["views"], row["open"]) == ("new", 7, True)


async def test_of_one_record_s_writes_the_later_wins_in_either_order(sink: CassandraSink, rows: Rows) -> None:
    for film, order in (("i", (0, 1)), ("j", (1, 0))):
        titles = {0: "z first", 1: "a second"}  # on equal timestamps Cassandra keeps the greater value
        await sink.write([at(3, index=n, film=film, title=titles[n]) for n in order])
        row = await rows.get(FILMS, film=film)
        assert row is not None
        assert row["title"] == "a second"


async def test_a_repeated_write_changes_nothing(sink: CassandraSink, rows: Rows) -> None:
    batch = [
        at(9, film="r", tags=("x", "y"), extra={"a": "1"}),
        at(10, film="r", title="t"),
    ]
    await sink.write(batch)
    once = await rows.get(FILMS, film="r")
    await sink.write(batch)
    await sink.write(batch[:1])
    assert await rows.get(FILMS, film="r") == once
    assert once is not None
    assert once["tags"] == ["x", "y"]


async def test_a_newer_collection_replaces_the_older(sink: CassandraSink, rows: Rows) -> None:
    await sink.write([at(1, film="c", tags=("x", "y"), extra={"a": "1"})])
    await sink.write([at(2, film="c", tags=(), extra={"b": "2"})])
    row = await rows.get(FILMS, film="c")
    assert row is not None
    assert (row["tags"], row["extra"]) == ([], {"b": "2"})


async def test_a_row_of_a_key_alone_exists(sink: CassandraSink, rows: Rows) -> None:
    await sink.write([at(1, film="bare")])
    assert await rows.get(FILMS, film="bare") is not None
    assert await rows.get(FILMS, film="nobody") is None


async def test_a_partition_is_read_in_order_page_by_page(sink: CassandraSink, rows: Rows) -> None:
    given = [(reel, number) for reel in ("a", "b") for number in range(120)]
    await sink.write([at(i, SCENES, film="f", reel=r, number=n, note=str(n)) for i, (r, n) in enumerate(given)])
    seen: list[tuple[str, int]] = []
    page = await rows.list(SCENES, film="f", limit=70)
    while page:
        seen += [(row["reel"], row["number"]) for row in page]
        page = await rows.list(SCENES, film="f", after=page[-1], limit=70)
    assert seen == given


async def test_a_prefix_of_the_row_s_key_narrows_the_list(sink: CassandraSink, rows: Rows) -> None:
    await sink.write(
        [at(i, SCENES, film="p", reel=r, number=n) for i, (r, n) in enumerate([("a", 1), ("b", 1), ("b", 2)])]
    )
    found = await rows.list(SCENES, film="p", reel="b", after={"number": 1})
    assert [(row["reel"], row["number"]) for row in found] == [("b", 2)]


async def test_newest_first_is_read_backwards(sink: CassandraSink, rows: Rows) -> None:
    await sink.write([at(i, NEWS, day="d", at=i, text=str(i)) for i in range(5)])
    first = await rows.list(NEWS, day="d", limit=2)
    second = await rows.list(NEWS, day="d", limit=9, after=first[-1])
    assert [row["at"] for row in first + second] == [4, 3, 2, 1, 0]


async def test_a_value_of_the_wrong_type_is_refused_by_name(
    sink: CassandraSink,
) -> None:
    with pytest.raises(SinkRefused, match=r"films[.]views is bigint"):
        await sink.write([at(1, film="w", views="many")])


async def test_a_refused_row_is_named_and_those_it_travels_with_are_written(sink: CassandraSink, rows: Rows) -> None:
    names = [f"beside-{n}" for n in range(9)]
    refused = at(9, film="x" * 65_536, title="a key beyond 64 KiB")
    with pytest.raises(SinkRefused, match="films: Cassandra refuses"):
        await sink.write([*(at(1, film=name) for name in names), refused])
    assert None not in [await rows.get(FILMS, film=name) for name in names]


async def test_rows_too_large_to_travel_together_travel_alone(sink: CassandraSink, rows: Rows) -> None:
    names = [f"large-{n}" for n in range(12)]
    await sink.write([at(1, film=name, blob=bytes(20_000)) for name in names])
    assert [len((await rows.get(FILMS, film=name) or {})["blob"]) for name in names] == [20_000] * 12


async def test_rows_of_many_partitions_and_of_one_are_all_written(sink: CassandraSink, rows: Rows) -> None:
    wide = [at(n, SCENES, film="wide", reel="a", number=n, note=str(n)) for n in range(120)]
    apart = [at(n, film=f"apart-{n}", views=n) for n in range(33)]
    await sink.write([placed for pair in zip(wide, apart, strict=False) for placed in pair] + wide[33:])
    assert [row["note"] for row in await rows.list(SCENES, film="wide", limit=200)] == [str(n) for n in range(120)]
    found = [await rows.get(FILMS, film=f"apart-{n}") or {} for n in range(33)]
    assert [row["views"] for row in found] == list(range(33))


async def test_reading_without_the_whole_key_says_which(rows: Rows) -> None:
    with pytest.raises(ValueError, match="read by film, reel, number"):
        await rows.get(SCENES, film="f")


async def test_a_new_column_is_added_and_a_changed_key_is_refused(
    settings: Settings,
) -> None:
    await migrate(settings, [Table("growing", key={"k": "text"}, columns={"a": "int"})])
    await migrate(
        settings,
        [Table("growing", key={"k": "text"}, columns={"a": "int", "b": "list<text>"})],
    )
    await migrate(
        settings,
        [Table("growing", key={"k": "text"}, columns={"a": "int", "b": "list<text>"})],
    )
    with pytest.raises(MigrationError, match="key is declared"):
        await migrate(settings, [Table("growing", key={"k": "text", "l": "int"}, columns={})])
    with pytest.raises(MigrationError, match="column a is declared as text, stored as int"):
        await migrate(settings, [Table("growing", key={"k": "text"}, columns={"a": "text"})])


def cleared(offset: int, table: Table, **key: Any) -> Placed:
    return Placed(table.clear(**key), Moment("films", 0, offset, 0), 0)


async def test_what_is_cleared_is_gone_and_later_writes_live_on(sink: CassandraSink, rows: Rows) -> None:
    scenes = [at(n, SCENES, film="g", reel=reel, number=n, note="old") for n, reel in ((1, "a"), (2, "a"), (3, "b"))]
    at_once = [cleared(5, SCENES, film="g", reel="a"), at(5, SCENES, 1, film="g", reel="a", number=9, note="new")]
    for writes in ([*scenes, *at_once], at_once, scenes):  # repeated, and late
        await sink.write(writes)
        found = await rows.list(SCENES, film="g")
        assert [(row["reel"], row["number"]) for row in found] == [("a", 9), ("b", 3)]
    await sink.write([cleared(6, SCENES, film="g")])
    assert await rows.list(SCENES, film="g") == []
    await sink.write([cleared(6, FILMS, film="g"), at(6, FILMS, 1, film="g", title="again")])
    assert (await rows.get(FILMS, film="g") or {})["title"] == "again"
