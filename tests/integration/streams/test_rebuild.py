"""A view is built anew from the log while it serves: what had crept in is gone, and nobody has missed anything."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from streams.event import natural_id
from streams.log import Log
from streams.platform import Platform
from streams.rebuild import Options, rebuild
from streams.rows import Rows
from streams.verification import verify
from tests.sample import TOTALS, Counted, show_totals
from tests.sample_statements import cql
from tests.sample_workers import Workers, eventually

ACCOUNTS = tuple(f"account-{n}" for n in range(20))


def counted(round_: int) -> list[Counted]:
    """What each account comes to after so many rounds, and an account that this round alone knows."""
    return [
        Counted(event_id=natural_id(account, round_), occurred_at=1, account=account, total=10 * round_, number=round_)
        for account in (*ACCOUNTS, f"round-{round_}")
    ]


async def tables(platform: Platform) -> set[object]:
    found = await cql(platform, "SELECT table_name FROM system_schema.tables WHERE keyspace_name = '{k}'")
    return {row["table_name"] for row in found}


@contextlib.asynccontextmanager
async def flowing(log: Log) -> AsyncIterator[list[int]]:
    """Rounds of events, one after the other, until the block ends; the list holds the number of the last."""
    rounds = [10]

    async def post() -> None:
        while True:
            await log.post_all(counted(rounds[0] + 1))
            rounds[0] += 1
            await asyncio.sleep(0.05)

    posting = asyncio.create_task(post())
    yield rounds
    posting.cancel()
    await asyncio.wait({posting})
    await log.post_all(counted(rounds[0] + 1))
    rounds[0] += 1


async def test_a_view_is_rebuilt_while_events_flow_and_readers_read(
    platform: Platform, log: Log, workers: Workers
) -> None:
    workers.start(only=["show_totals"])
    for round_ in range(1, 11):
        await log.post_all(counted(round_))
    answers: list[object] = []
    told: list[str] = []
    async with Rows(platform.settings) as rows:

        async def number(account: str) -> object:
            row = await rows.get(TOTALS, account=account)
            return row and row["number"]

        async def read() -> None:
            while True:
                answers.append(await number("account-1"))
                await asyncio.sleep(0.01)

        await eventually(lambda: number("account-1"))
        reading = asyncio.create_task(read())
        async with flowing(log) as rounds:
            await cql(platform, "UPDATE {k}.totals SET number = 77777 WHERE account = 'account-0'")
            await rebuild(platform, show_totals, Options(rows=True, grace=2), told.append)

        async def all_shown() -> bool:
            return [await number(account) for account in ACCOUNTS] == [rounds[0]] * len(ACCOUNTS)

        await eventually(all_shown)
        reading.cancel()
        await asyncio.wait({reading})
    assert reading.cancelled()  # it never failed
    assert answers
    assert None not in answers
    assert [text for text in told if text.startswith("totals account-0: {'number': 77777")]
    verdict = await verify(platform, show_totals)
    assert (verdict.rows, verdict.differences) == (len(ACCOUNTS) + rounds[0], [])
    found = await tables(platform)
    assert "totals" not in found
    assert "totals_v2" in found
