"""Nothing is lost and nothing is counted twice when workers come and go; how they die is told in `test_chaos.py`."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import defaultdict
from collections.abc import Iterable

from streams.event import Event
from streams.log import Log
from streams.platform import Platform
from tests.chaos.teller import Teller, deposit
from tests.sample import Counted, Deposited, Tallied
from tests.sample_workers import Workers, eventually, read, rows

LOTS_EVERY = 0.03  # seconds


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


async def test_another_machine_recovers_from_the_changelog(platform: Platform, log: Log, workers: Workers) -> None:
    teller = Teller(log, LOTS_EVERY)
    for home in ("here", "there"):
        number = workers.start(home)
        async with teller:
            await working(workers, number)
        await all_counted(platform, teller.count)
        assert workers.end(number) == 0


async def test_workers_share_the_partitions(platform: Platform, log: Log, workers: Workers) -> None:
    async with Teller(log, LOTS_EVERY) as teller:
        first, second = workers.start(), workers.start()
        await working(workers, first)
        await working(workers, second)
        assert workers.end(first) == 0
        third = workers.start()
        await working(workers, third)
        workers.end(second, signal.SIGKILL)
        await asyncio.sleep(8)
    await all_counted(platform, teller.count)
    assert workers.end(third) == 0


async def test_a_zombie_is_fenced(platform: Platform, log: Log, workers: Workers) -> None:
    async with Teller(log, LOTS_EVERY) as teller:
        zombie = workers.start()
        await working(workers, zombie)
        workers.send(zombie, signal.SIGSTOP)
        other = workers.start()
        await working(workers, other)  # after the session of the stopped one
        workers.send(zombie, signal.SIGCONT)
        await asyncio.sleep(5)
    await all_counted(platform, teller.count)
    assert workers.end(zombie) == 0
    assert workers.end(other) == 0
