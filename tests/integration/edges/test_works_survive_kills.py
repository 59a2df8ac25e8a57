"""Several worker processes on one partition: they share its tasks, and a dead one's task goes to another."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from streams.event import Event
from streams.log import Log
from streams.platform import Platform
from streams.settings import Settings
from streams.tail import Tail
from tests.integration.edges.errand_works import WORKS
from tests.integration.edges.errands import (
    CATALOGUE,
    ErrandAsked,
    ErrandDone,
    ErrandFailed,
    ParcelAsked,
    errands_platform,
)

ROOT = Path(__file__).parents[3]
Worker = asyncio.subprocess.Process


@pytest_asyncio.fixture
async def platform(settings: Settings, request: pytest.FixtureRequest) -> Platform:
    own = replace(settings, namespace=f"{settings.namespace}kill{abs(hash(request.node.name)) % 10**6}")
    return (await errands_platform(own, *WORKS))[0]


@pytest_asyncio.fixture
async def log(platform: Platform) -> AsyncIterator[Log]:
    async with Log(platform.settings, CATALOGUE, await platform.codec()) as log:
        yield log


@asynccontextmanager
async def worker(platform: Platform, name: str) -> AsyncIterator[Worker]:
    """A worker process; ended with SIGTERM if the block has not ended it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.integration.edges.errand_works", name,
        cwd=ROOT, env={**os.environ, **platform.settings.environment()}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), 60)


async def says(process: Worker, word: str) -> None:
    assert process.stdout is not None
    async with asyncio.timeout(120):
        while (line := (await process.stdout.readline()).decode().strip()) != word:
            assert line, "the worker has ended"


async def reported(platform: Platform, count: int) -> list[Event | None]:
    tail = Tail(platform.settings, await platform.codec())
    async with asyncio.timeout(120), tail.follow(["reports"], "start") as records:
        return [(await anext(records)).event for _ in range(count)]


async def test_a_killed_worker_s_task_is_done_by_another(platform: Platform, log: Log) -> None:
    async with worker(platform, "first") as first:
        await log.post(ErrandAsked(task_id="t", subject="s", how="slow"))
        await says(first, "slow")
        first.send_signal(signal.SIGKILL)
        killed = time.monotonic()
        async with worker(platform, "second") as second:
            await says(second, "slow")
            print(f"handed out again {time.monotonic() - killed:.1f} s after the kill")
            done = await reported(platform, 2)
    assert {e.worker for e in done if isinstance(e, ErrandDone)} == {"second"}


async def test_a_stopped_worker_gives_its_task_back(platform: Platform, log: Log) -> None:
    async with worker(platform, "lame") as lame:
        await log.post(ParcelAsked(task_id="p", subject="s"))
        await says(lame, "carrying")
        async with worker(platform, "fit"):
            lame.terminate()
            assert await asyncio.wait_for(lame.wait(), 60) == 0
            [done] = await reported(platform, 1)
    assert isinstance(done, ErrandDone)
    assert done.worker == "fit carrier"


async def test_a_stopped_worker_finishes_what_is_nearly_done(platform: Platform, log: Log) -> None:
    async with worker(platform, "only") as only:
        await log.post(ErrandAsked(task_id="t", subject="s", how="slow"))
        await says(only, "slow")
        only.terminate()
        assert await asyncio.wait_for(only.wait(), 60) == 0
    assert len(await reported(platform, 2)) == 2


async def test_a_frozen_worker_s_task_is_done_by_another_and_it_recovers(platform: Platform, log: Log) -> None:
    async with worker(platform, "frozen") as frozen:
        await log.post(ErrandAsked(task_id="t", subject="s", how="slow"))
        await says(frozen, "slow")
        frozen.send_signal(signal.SIGSTOP)
        stopped = time.monotonic()
        async with worker(platform, "second") as second:
            await says(second, "slow")
            print(f"handed out again {time.monotonic() - stopped:.1f} s after the freeze")
            await reported(platform, 2)
        frozen.send_signal(signal.SIGCONT)
        await log.post(ErrandAsked(task_id="u", subject="s"))
        done = await reported(platform, 4)
    assert [(e.task_id, e.step, e.worker) for e in done if isinstance(e, ErrandDone)] == [
        ("t", 0, "second"), ("t", 1, "second"), ("u", 0, "frozen"), ("u", 1, "frozen"),
    ]  # fmt: skip


async def test_a_task_that_kills_every_worker_ends_as_failed(platform: Platform, log: Log) -> None:
    await log.post(ErrandAsked(task_id="t", subject="s", how="die"))
    for n in range(4):
        async with worker(platform, f"w{n}") as process:
            await says(process, "die")
            await asyncio.wait_for(process.wait(), 60)
    async with worker(platform, "last"):
        [failed] = await reported(platform, 1)
    assert isinstance(failed, ErrandFailed)
    assert "handed out 5 times" in failed.error


async def test_two_workers_share_one_partition(platform: Platform, log: Log) -> None:
    async with worker(platform, "first") as first, worker(platform, "second") as second:
        await says(first, "ready")
        await says(second, "ready")
        await log.post_all([ErrandAsked(task_id=str(n), subject="s", how="slow") for n in range(10)])
        done = [e for e in await reported(platform, 20) if isinstance(e, ErrandDone)]
    assert {e.worker for e in done} == {"first", "second"}
    assert sorted((int(e.task_id), e.step) for e in done) == [(n, step) for n in range(10) for step in range(2)]
