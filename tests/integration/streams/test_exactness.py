"""Nothing is lost and nothing is counted twice, whatever happens to the workers."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import defaultdict
from collections.abc import Iterable
from typing import Self

from streams.event import Event, natural_id
from streams.log import Log
from streams.platform import Platform
from tests.sample import Counted, Deposited, Tallied
from tests.sample_workers import Workers, eventually, read, rows

ACCOUNTS = 40


def deposit(number: int) -> Deposited:
    account, sequence = f"a{number % ACCOUNTS}", number // ACCOUNTS
    return Deposited(
        event_id=natural_id("deposit", number), account=account, amount=1 + number % 600, sequence=sequence
    )


class Pouring:
    """Posts deposits in small lots while the test does its harm, some of them twice, like clients without an answer."""

    def __init__(self, log: Log) -> None:
        self.count = 0
        self._log = log
        self._enough = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._enough.clear()
        self._task = asyncio.create_task(self._pour())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._enough.set()
        await self._task

    async def _pour(self) -> None:
        while not self._enough.is_set():
            lot = [deposit(number) for number in range(self.count, self.count + 20)]
            await self._log.post_all([*lot, *(event for event in lot if random.random() < 0.1)])
            self.count += 20
            await asyncio.sleep(0.03)


def by_account(events: list[Event]) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for event in events:
        assert isinstance(event, Counted | Tallied)
        found[event.account].append((event.number, event.total))
    return dict(found)


def running(events: Iterable[Event]) -> dict[str, list[tuple[int, int]]]:
    """The running totals that each of these deposits, counted in order, must have led to."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for event in events:
        assert isinstance(event, Deposited)
        so_far = found[event.account]
        so_far.append((len(so_far) + 1, (so_far[-1][1] if so_far else 0) + event.amount))
    return dict(found)


async def all_counted(platform: Platform, count: int) -> None:
    """Wait until the last deposit is shown, then compare: with what was posted, and with what is in the log."""
    once = running(deposit(number) for number in range(count))
    last = {account: (steps[-1][1], steps[-1][0]) for account, steps in once.items()}

    async def shown() -> bool:
        return await rows(platform) == last

    await eventually(shown, patience=240)

    async def summed() -> bool:
        return await rows(platform, "sums") == last

    await eventually(summed)
    assert by_account(await read(platform, "totals")) == once
    each = running(await read(platform, "deposits"))

    async def tallied() -> bool:
        return sum(map(len, by_account(await read(platform, "tallies")).values())) >= sum(map(len, each.values()))

    await eventually(tallied)
    assert by_account(await read(platform, "tallies")) == each
    assert await rows(platform, "tallies") == {account: steps[-1][::-1] for account, steps in each.items()}


async def working(workers: Workers, number: int) -> None:
    """Wait until a worker has partitions, then a random moment longer."""
    await eventually(lambda: workers.log(number).count("Setting newly assigned") >= 4)
    await asyncio.sleep(random.uniform(0.1, 2.5))


async def test_kill_9_at_any_moment(platform: Platform, log: Log, workers: Workers) -> None:
    async with Pouring(log) as pouring:
        for _ in range(4):
            number = workers.start()
            await working(workers, number)
            workers.end(number, signal.SIGKILL)
        workers.start()
    await all_counted(platform, pouring.count)


async def test_another_machine_recovers_from_the_changelog(platform: Platform, log: Log, workers: Workers) -> None:
    pouring = Pouring(log)
    for home in ("here", "there"):
        number = workers.start(home)
        async with pouring:
            await working(workers, number)
        await all_counted(platform, pouring.count)
        assert workers.end(number) == 0


async def test_workers_share_the_partitions(platform: Platform, log: Log, workers: Workers) -> None:
    async with Pouring(log) as pouring:
        first, second = workers.start(), workers.start()
        await working(workers, first)
        await working(workers, second)
        assert workers.end(first) == 0
        third = workers.start()
        await working(workers, third)
        workers.end(second, signal.SIGKILL)
        await asyncio.sleep(8)
    await all_counted(platform, pouring.count)
    assert workers.end(third) == 0


async def test_a_zombie_is_fenced(platform: Platform, log: Log, workers: Workers) -> None:
    async with Pouring(log) as pouring:
        zombie = workers.start()
        await working(workers, zombie)
        workers.send(zombie, signal.SIGSTOP)
        other = workers.start()
        await working(workers, other)  # after the session of the stopped one
        workers.send(zombie, signal.SIGCONT)
        await asyncio.sleep(5)
    await all_counted(platform, pouring.count)
    assert workers.end(zombie) == 0
    assert workers.end(other) == 0
