"""A step of the commit path fails: the partition is held, nothing is skipped, and in the end the worker ends."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiokafka.errors import KafkaError

from streams import liveness
from streams.liveness import Stuck
from streams.local_state import LocalState
from streams.log import Log
from streams.platform import Platform
from streams.transactions import Transactions
from streams.worker import run
from tests.integration.streams.hosted import MemoryStores, hosted
from tests.integration.streams.posting import counted, deposits, limit
from tests.sample import count_deposits
from tests.sample_workers import eventually


async def all_counted(platform: Platform, count: int) -> None:
    async def numbered() -> bool:
        return await counted(platform) == list(range(1, count + 1))

    await eventually(numbered)


class Failing:
    """Fails at the first call; with `also` when its work is done, so that its outcome is open."""

    def __init__(self, error: Exception, also: bool) -> None:
        self.calls, self._error, self._also = 0, error, also

    def around(self, call: Any) -> Any:
        async def called(*given: Any) -> Any:
            self.calls += 1
            answer = await call(*given) if self._also or self.calls > 1 else None
            if self.calls == 1:
                raise self._error
            return answer

        return called


@pytest.mark.parametrize("also", [False, True], ids=["before", "after"])
async def test_a_transaction_fails(platform: Platform, log: Log, monkeypatch: pytest.MonkeyPatch, also: bool) -> None:
    """Before the broker has it, or after: the changelog says which."""
    failing = Failing(KafkaError("no answer"), also)
    monkeypatch.setattr(Transactions, "commit", failing.around(Transactions.commit))
    await log.post_all(deposits(3))
    async with hosted(platform, count_deposits, MemoryStores()) as host:
        await all_counted(platform, 3)
        await log.post_all(deposits(6))  # ids that are known, and new ones
        await all_counted(platform, 6)
        await eventually(lambda: all(h.phase == "running" for h in host.health.values()))
    assert failing.calls > 1


async def test_a_local_store_fails(platform: Platform, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is behind its changelog then, and recovers from it."""
    written: list[int] = []
    write = LocalState.write

    def fails_once(self: LocalState, *given: Any) -> None:
        written.append(1)
        if len(written) == 1:
            raise OSError("no space left")
        write(self, *given)

    monkeypatch.setattr(LocalState, "write", fails_once)
    await log.post_all(deposits(3))
    async with hosted(platform, count_deposits, MemoryStores()):
        await all_counted(platform, 3)
        await log.post_all(deposits(5))
        await all_counted(platform, 5)


async def test_what_stays_down_ends_the_worker_and_nothing_is_skipped(
    platform: Platform, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    await limit(platform.settings, "totals", 200)
    await log.post_all(deposits(3))
    with monkeypatch.context() as impatient:
        impatient.setattr(liveness, "AT_MOST", 2.0)
        with pytest.raises(Stuck, match="MessageSizeTooLarge"):
            await asyncio.wait_for(run(platform, [count_deposits], asyncio.Event()), 90)
    assert await counted(platform) == []
    await limit(platform.settings, "totals", 1_000_000)
    stop = asyncio.Event()
    next_one = asyncio.create_task(run(platform, [count_deposits], stop))
    await all_counted(platform, 3)
    stop.set()
    await next_one
