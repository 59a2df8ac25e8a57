"""A tally counts everything once: workers are killed, and clients send twice, late and out of order."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import defaultdict

from streams.dead_letters import resolver, waiting
from streams.event import natural_id
from streams.log import Log
from streams.platform import Platform
from streams.record import Outgoing
from tests.integration.streams.posting import letters, send
from tests.sample import Deposited, sum_deposits
from tests.sample_workers import Workers, eventually, rows

ONLY = ["sum_deposits"]
ACCOUNTS = 50
LOT = 100


def deposit(number: int) -> Deposited:
    account, sequence = f"a{number % ACCOUNTS}", number // ACCOUNTS
    return Deposited(event_id=natural_id("d", number), account=account, amount=1 + number % 600, sequence=sequence)


def sums(count: int) -> dict[str, tuple[int, int]]:
    """What the first `count` deposits come to, each counted once."""
    found: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for event in map(deposit, range(count)):
        total, number = found[event.account]
        found[event.account] = (total + event.amount, number + 1)
    return dict(found)


async def post_badly(log: Log, lots: int) -> None:
    """Lot by lot, each shuffled and followed by an earlier one once more."""
    for lot in range(lots):
        again = random.randrange(lot + 1)
        numbers = [*range(lot * LOT, (lot + 1) * LOT), *range(again * LOT, (again + 1) * LOT)]
        random.shuffle(numbers)
        await log.post_all([deposit(number) for number in numbers])
        await asyncio.sleep(0.02)


async def summed(platform: Platform, count: int) -> None:
    wanted = sums(count)

    async def shown() -> bool:
        return await rows(platform, "sums") == wanted

    await eventually(shown, patience=240)


async def started(workers: Workers, home: str) -> int:
    """A worker that has its partitions."""
    number = workers.start(home, ONLY)
    await eventually(lambda: "Setting newly assigned" in workers.log(number))
    return number


async def test_kill_9_and_senders_without_an_answer(platform: Platform, log: Log, workers: Workers) -> None:
    lots = 150
    posting = asyncio.create_task(post_badly(log, lots))
    for home in ("here", "here", "there"):
        number = await started(workers, home)
        await asyncio.sleep(random.uniform(0.1, 2.5))
        workers.end(number, signal.SIGKILL)
    last = await started(workers, "there")
    await posting
    await summed(platform, lots * LOT)
    assert workers.end(last) == 0


async def test_a_dead_letter_is_counted_when_it_is_tried_again(platform: Platform, log: Log, workers: Workers) -> None:
    posted = await log.post(deposit(0))
    codec = await platform.codec()
    absurd = Deposited(event_id="e", occurred_at=1, account="a0", amount=1 << 60, sequence=1)
    for value in (b"rubbish", codec.encode(absurd)):
        await send(platform, [(Outgoing("deposits", b"a0", value, ()), posted.partition)])
    await log.post(deposit(ACCOUNTS * 2))  # the account's third
    workers.start(only=ONLY)

    async def fates() -> list[str]:
        return [letter.fate for letter in await letters(platform, "sum_deposits")]

    async def two_dead() -> bool:
        return await fates() == ["dead", "dead"]

    await eventually(two_dead)
    first, second = await waiting(platform, codec, sum_deposits)
    async with resolver(platform) as resolve:
        await resolve.drop(first.letter, sum_deposits)
        await resolve.replay(second.letter, sum_deposits)
        await resolve.drop(second.letter, sum_deposits)
        await resolve.replay(second.letter, sum_deposits)

    async def settled() -> bool:
        return (await fates())[2:] == ["dropped", "dead", "dropped"]

    await eventually(settled)
    assert await waiting(platform, codec, sum_deposits) == []
    assert await rows(platform, "sums") == {"a0": (1 + deposit(ACCOUNTS * 2).amount, 2)}
