"""A tally that lags counts on and writes rows seldom; whoever has its partition next writes those that are missing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from streams import tally_partition
from streams.log import Log
from streams.metrics import reports
from streams.platform import Platform
from streams.settings import STATES
from streams.sinks import Placed
from streams.stores import Stores
from streams.tally_partition import TallyPartition
from streams.worker import run
from tests.integration.streams.test_tally_exactness import deposit, summed, sums
from tests.sample import sum_deposits
from tests.sample_workers import eventually, rows

EVENTS = 4_000


@asynccontextmanager
async def worker(platform: Platform) -> AsyncIterator[None]:
    """A worker of this process, ended as a worker is told to end."""
    stop = asyncio.Event()
    task = asyncio.create_task(run(platform, [sum_deposits], stop))
    try:
        yield
    finally:
        stop.set()
        await task


def counted(platform: Platform) -> Callable[[], bool]:
    """Whether the worker has come to the end of the log."""

    def there() -> bool:
        partitions = [health for report in reports(platform.settings) for health in report.partitions]
        return sum(health.events for health in partitions) == EVENTS and not any(h.lag for h in partitions)

    return there


@pytest.mark.parametrize("state", STATES)
async def test_rows_that_a_dead_worker_owed_are_written_by_the_next(
    platform: Platform, log: Log, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    platform = replace(platform, settings=replace(platform.settings, state=state))
    await log.post_all([deposit(number) for number in range(EVENTS)])
    with monkeypatch.context() as patched:

        async def nothing(_: TallyPartition) -> None:
            """As if it were killed before: what is counted is in the changelog, and no row."""

        patched.setattr(TallyPartition, "_write", nothing)
        async with worker(platform):
            await eventually(counted(platform))
    assert await rows(platform, "sums") == {}
    async with worker(platform):
        await summed(platform, EVENTS)


async def test_while_it_lags_a_row_is_not_written_with_every_batch(
    platform: Platform, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    await log.post_all([deposit(number) for number in range(EVENTS)])
    monkeypatch.setattr(TallyPartition, "largest", 50)
    monkeypatch.setattr(tally_partition, "FEW", 50)
    monkeypatch.setattr(tally_partition, "SELDOM", 3600.0)
    written: list[int] = []
    write = Stores.write

    async def counting(stores: Stores, writes: Sequence[Placed]) -> None:
        written.append(len(writes))
        await write(stores, writes)

    monkeypatch.setattr(Stores, "write", counting)
    async with worker(platform):
        await summed(platform, EVENTS)
    assert sum(written) <= 3 * len(sums(EVENTS))  # of 80 batches, which had each changed nearly all of them
