"""A live view is held against the log: equal, or every difference is named."""

from __future__ import annotations

from streams.cassandra import connect
from streams.event import natural_id
from streams.log import Log
from streams.platform import Platform
from streams.verification import verify
from tests.sample import Deposited, show_totals, tally
from tests.sample_workers import Workers, eventually, rows

ACCOUNTS = ("ann", "bob", "cid", "dan", "eve")


def deposits(number: int) -> list[Deposited]:
    return [
        Deposited(event_id=natural_id(account, n), occurred_at=n + 1, account=account, amount=n + 1)
        for n in range(number)
        for account in ACCOUNTS
    ]


async def run(platform: Platform, statement: str) -> None:
    session = await connect(platform.settings)
    try:
        prepared = await session.create_prepared(statement.format(k=platform.settings.keyspace))
        await session.execute(prepared.bind())
    finally:
        await session.close()


async def test_a_view_and_a_fold_s_rows_equal_the_log_until_somebody_touches_them(
    platform: Platform, log: Log, workers: Workers
) -> None:
    number = workers.start()
    await log.post_all(deposits(20))

    async def shown() -> bool:
        both = [await rows(platform), await rows(platform, "tallies")]
        return all(len(found) == 5 and {n for _, n in found.values()} == {20} for found in both)

    await eventually(shown)
    assert workers.end(number) == 0
    for processor in (show_totals, tally):
        verdict = await verify(platform, processor)
        assert (verdict.records, verdict.rows, verdict.equal, verdict.wrong) == (100, 5, 10, 0)

    await run(platform, "DELETE FROM {k}.totals WHERE account = 'ann'")
    await run(platform, "INSERT INTO {k}.totals (account, total, number) VALUES ('zoe', 1, 1) USING TIMESTAMP 1")
    await run(platform, "DELETE number FROM {k}.totals WHERE account = 'bob'")
    verdict = await verify(platform, show_totals)
    assert verdict.wrong == 3
    assert sorted(verdict.differences) == [
        "totals ann: the row is missing",
        "totals bob: number is None, by the log 20",
        "totals zoe: the log explains no such row",
    ]


async def test_what_was_written_since_is_left_alone(platform: Platform, log: Log, workers: Workers) -> None:
    number = workers.start()
    await log.post_all(deposits(2))

    async def shown() -> bool:
        return [n for _, n in (await rows(platform)).values()] == [2] * 5

    await eventually(shown)
    assert workers.end(number) == 0
    await run(platform, "UPDATE {k}.totals SET number = 9 WHERE account = 'ann'")  # its time is after any position
    verdict = await verify(platform, show_totals)
    assert (verdict.equal, verdict.newer, verdict.wrong) == (9, 1, 0)
