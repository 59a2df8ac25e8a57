"""A fold and a tally are built anew from the log while they serve: state, rows and events, none lost and none twice."""

from __future__ import annotations

import asyncio
import signal
from collections import defaultdict

from streams.event import natural_id
from streams.log import Log
from streams.platform import Platform
from streams.rebuild import Options, rebuild
from streams.rows import Rows
from streams.verification import verify
from tests.sample import SUMS, TALLIES, Deposited, Tallied, sum_deposits, tally
from tests.sample_statements import cql
from tests.sample_workers import Workers, eventually, read

ACCOUNTS = tuple(f"account-{n}" for n in range(12))


class Depositing:
    """Deposits of every account, round after round; `rounds` have been confirmed."""

    def __init__(self, log: Log) -> None:
        self.rounds = 0
        self._log = log
        self._task: asyncio.Task[None] | None = None

    async def one_round(self) -> None:
        number = self.rounds
        await self._log.post_all(
            [
                Deposited(
                    event_id=natural_id(account, number), occurred_at=1, account=account, amount=1, sequence=number
                )
                for account in ACCOUNTS
            ]
        )
        self.rounds += 1

    async def __aenter__(self) -> Depositing:
        async def go_on() -> None:
            while True:
                await asyncio.shield(self.one_round())
                await asyncio.sleep(0.05)

        self._task = asyncio.create_task(go_on())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task is not None
        self._task.cancel()
        await asyncio.wait({self._task})
        await asyncio.sleep(1)  # the round on its way is confirmed


async def emitted(platform: Platform) -> dict[str, list[int]]:
    """The numbers of the events that the fold has emitted, by account."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for event in await read(platform, "tallies"):
        assert isinstance(event, Tallied)
        numbers[event.account].append(event.number)
    return numbers


async def test_a_fold_goes_on_emitting_where_the_former_version_stopped(
    platform: Platform, log: Log, workers: Workers
) -> None:
    number = workers.start(only=["tally", "sum_deposits"])
    told: list[str] = []
    async with Rows(platform.settings) as rows:

        async def shown() -> list[object]:
            found = [await rows.get(TALLIES, account=account) for account in ACCOUNTS]
            return [row and row["number"] for row in found]

        async def summed() -> list[int]:
            return [(await rows.sums(SUMS, ["number"], account=account))["number"] for account in ACCOUNTS]

        async def all_shown() -> bool:
            return await shown() == await summed() == [deposits.rounds] * len(ACCOUNTS)

        deposits = Depositing(log)
        for _ in range(10):
            await deposits.one_round()
        await eventually(all_shown)
        async with deposits:
            await cql(platform, "UPDATE {k}.tallies SET number = 77777 WHERE account = 'account-0'")
            await rebuild(platform, tally, Options(rows=True, grace=2), told.append)
            await rebuild(platform, sum_deposits, Options(grace=2), told.append)
            assert workers.end(number) == 0
            workers.start(only=["tally", "sum_deposits"])
        await eventually(all_shown)
    assert await emitted(platform) == {account: list(range(1, deposits.rounds + 1)) for account in ACCOUNTS}
    assert [text for text in told if text.startswith("tallies account-0: {'number': 77777")]
    [events] = [text for text in told if text.startswith("tally (events)")]
    assert events.endswith(" 0 rows differ")
    for processor in (tally, sum_deposits):
        verdict = await verify(platform, processor)
        assert (verdict.rows, verdict.wrong) == (len(ACCOUNTS), 0)


async def test_a_frozen_worker_of_the_former_version_comes_too_late(
    platform: Platform, log: Log, workers: Workers
) -> None:
    frozen = workers.start(only=["tally"])
    deposits = Depositing(log)
    told: list[str] = []
    async with deposits:
        await eventually(lambda: emitted(platform))
        workers.send(frozen, signal.SIGSTOP)
        # given: the log goes on, and the version that serves does not
        await asyncio.sleep(1)
        rebuilding = asyncio.create_task(rebuild(platform, tally, Options(grace=2), told.append))
        await eventually(lambda: "version 2 serves" in told or rebuilding.done())
        workers.start("elsewhere", only=["tally"])
        await rebuilding  # a worker has taken over
        workers.send(frozen, signal.SIGCONT)
        await asyncio.sleep(2)

    async def all_emitted() -> bool:
        return sum(map(len, (await emitted(platform)).values())) >= deposits.rounds * len(ACCOUNTS)

    await eventually(all_emitted)
    assert await emitted(platform) == {account: list(range(1, deposits.rounds + 1)) for account in ACCOUNTS}
