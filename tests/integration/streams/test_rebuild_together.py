"""Views that write into one table, each its own columns, are rebuilt together and flip together."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from streams.admin import Topics
from streams.event import natural_id
from streams.keyspace import migrate
from streams.log import Log
from streams.platform import Platform
from streams.processor import view
from streams.rebuild import Options, rebuild
from streams.rows import Rows
from streams.sinks import SinkDown
from streams.tables import Table, Write
from streams.verification import verify
from streams.worker import run
from tests.sample import Counted, Tallied
from tests.sample_statements import cql
from tests.sample_workers import eventually

BOTH = Table("both", key={"account": "text"}, columns={"counted": "bigint", "tallied": "bigint"})


@view(reads=Counted, into=BOTH)
def show_counted(event: Counted) -> Write:
    return BOTH.put(account=event.account, counted=event.total)


@view(reads=Tallied, into=BOTH)
def show_tallied(event: Tallied) -> Write:
    return BOTH.put(account=event.account, tallied=event.total)


def events(total: int) -> list[Counted | Tallied]:
    name = natural_id("ann", total)
    return [
        Counted(event_id=name, occurred_at=1, account="ann", total=total, number=1),
        Tallied(event_id=name, occurred_at=1, account="ann", total=total, number=1),
    ]


async def test_who_shares_a_table_flips_with_it(platform: Platform, log: Log) -> None:
    views = (show_counted, show_tallied)
    shown = replace(platform, processors=views)
    topics = Topics(platform.settings)
    await topics.apply(await topics.plan(shown.catalogue, views))
    await migrate(platform.settings, [BOTH])
    stop = asyncio.Event()
    working = asyncio.create_task(run(shown, views, stop))
    async with Rows(platform.settings) as rows, Rows(platform.settings) as asleep:
        await asleep.serving.close()  # a process that does not notice the flip

        async def stands(counted: int, tallied: int) -> bool:
            return await rows.get(BOTH, account="ann") == {"account": "ann", "counted": counted, "tallied": tallied}

        await log.post_all(events(1))
        await eventually(lambda: stands(1, 1))
        await cql(platform, "UPDATE {k}.both SET tallied = 77 WHERE account = 'ann'")
        told: list[str] = []
        await rebuild(shown, show_counted, Options(grace=2), told.append)
        await eventually(lambda: stands(1, 1))
        await log.post_all(events(2))
        await eventually(lambda: stands(2, 2))
        with pytest.raises(SinkDown, match="read again"):
            await asleep.get(BOTH, account="ann")
        assert await asleep.get(BOTH, account="ann") == await rows.get(BOTH, account="ann")
    stop.set()
    await working
    assert told[0] == "version 2 of show_counted, show_tallied: built beside what serves"
    for one in views:
        assert (await verify(shown, one)).wrong == 0
