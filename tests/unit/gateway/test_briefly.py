"""Many who ask at once cost one reading; nobody gets what is older than promised, or is older than their own write."""

from __future__ import annotations

import asyncio

import pytest

from gateway.playback.briefly import Briefly


class Source:
    """Counts up at each reading; a reading takes until `go` is set."""

    def __init__(self) -> None:
        self.readings = 0
        self.go = asyncio.Event()
        self.go.set()

    async def read(self) -> int:
        self.readings += 1
        found = self.readings
        await self.go.wait()
        return found


async def test_who_asks_at_once_shares_a_reading() -> None:
    source, briefly = Source(), Briefly[int](10)
    assert await asyncio.gather(*(briefly.of("v", source.read) for _ in range(100))) == [1] * 100
    assert await briefly.of("v", source.read) == 1
    assert await briefly.of("w", source.read) == 2


async def test_what_is_too_old_is_read_anew() -> None:
    now = 0.0
    source, briefly = Source(), Briefly[int](1, clock=lambda: now)
    assert await briefly.of("v", source.read) == 1
    now = 0.9
    assert await briefly.of("v", source.read) == 1
    now = 1.0
    assert await briefly.of("v", source.read) == 2


async def test_who_waits_for_their_own_write_reads_anew_and_for_all() -> None:
    source, briefly = Source(), Briefly[int](10)
    assert await briefly.of("v", source.read) == 1
    assert await briefly.anew("v", source.read) == 2
    assert await briefly.of("v", source.read) == 2


async def test_a_reading_that_was_begun_earlier_does_not_replace_a_later_one() -> None:
    now = 0.0
    source, briefly = Source(), Briefly[int](10, clock=lambda: now)
    source.go.clear()
    slow = asyncio.create_task(briefly.of("v", source.read))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    now = 1.0

    async def quick() -> int:
        return 42

    assert await briefly.anew("v", quick) == 42
    source.go.set()
    assert await slow == 1
    assert await briefly.of("v", source.read) == 42


async def test_a_reading_that_fails_is_told_to_all_and_kept_for_nobody() -> None:
    briefly = Briefly[int](10)

    async def fails() -> int:
        raise ConnectionError

    for answer in await asyncio.gather(*(briefly.of("v", fails) for _ in range(3)), return_exceptions=True):
        assert isinstance(answer, ConnectionError)
    source = Source()
    assert await briefly.of("v", source.read) == 1


async def test_who_leaves_takes_nobody_s_answer_away() -> None:
    source, briefly = Source(), Briefly[int](10)
    source.go.clear()
    leaving, staying = (asyncio.create_task(briefly.of("v", source.read)) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    source.go.set()
    assert await staying == 1
    with pytest.raises(asyncio.CancelledError):
        await leaving


async def test_memory_is_bounded() -> None:
    source, briefly = Source(), Briefly[int](10, most=3)
    for key in range(10):
        await briefly.of(key, source.read)
    assert len(briefly._kept) == 3
