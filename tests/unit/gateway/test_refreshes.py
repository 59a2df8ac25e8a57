"""A refresh is shared by all who asked before it began, and by nobody else."""

from __future__ import annotations

import asyncio

import pytest

from gateway.finding.refreshes import Refreshes

pytestmark = pytest.mark.asyncio


class Index:
    """Knows when refreshes began and ended: each takes until it is let go."""

    def __init__(self) -> None:
        self.begun = self.running = self.most = 0
        self.go = asyncio.Event()

    async def refresh(self) -> None:
        self.begun += 1
        self.running += 1
        self.most = max(self.most, self.running)
        await self.go.wait()
        self.running -= 1


async def turns() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_who_asks_before_it_begins_shares_it_and_who_asks_after_has_the_next() -> None:
    index, refreshes = Index(), Refreshes(apart=0)
    first = [asyncio.create_task(refreshes.one(index.refresh)) for _ in range(50)]
    await turns()
    assert index.begun == 1
    late = [asyncio.create_task(refreshes.one(index.refresh)) for _ in range(50)]
    await turns()
    assert index.begun == 1, "one at a time"
    index.go.set()
    await asyncio.gather(*first)
    await asyncio.gather(*late)
    assert (index.begun, index.most) == (2, 1)


async def test_they_are_some_time_apart() -> None:
    now = 100.0
    index, refreshes = Index(), Refreshes(apart=0.05, clock=lambda: now)
    index.go.set()
    await refreshes.one(index.refresh)
    soon = [asyncio.create_task(refreshes.one(index.refresh)) for _ in range(50)]
    await turns()
    assert index.begun == 1
    await asyncio.gather(*soon)
    assert index.begun == 2


async def test_a_failure_is_told_to_all_who_waited_and_the_next_begins_anew() -> None:
    index, refreshes = Index(), Refreshes(apart=0)
    index.go.set()

    async def fail() -> None:
        raise OSError("away")

    told = await asyncio.gather(*(refreshes.one(fail) for _ in range(3)), return_exceptions=True)
    assert [type(one) for one in told] == [OSError] * 3
    await refreshes.one(index.refresh)
    assert index.begun == 1


async def test_one_who_goes_away_takes_it_from_nobody() -> None:
    index, refreshes = Index(), Refreshes(apart=0)
    gone, stays = (asyncio.create_task(refreshes.one(index.refresh)) for _ in range(2))
    await turns()
    gone.cancel()
    index.go.set()
    await stays
    assert index.begun == 1
