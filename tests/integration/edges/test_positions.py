"""Published positions: by view and partition, never backwards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from streams.keyspace import migrate
from streams.positions import VIEW_POSITIONS, ViewPositions
from streams.settings import Settings
from streams.sinks import SinkDown

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def positions(settings: Settings) -> AsyncIterator[ViewPositions]:
    await migrate(settings, [VIEW_POSITIONS])
    async with ViewPositions(settings) as positions:
        yield positions


async def test_what_is_published_is_told_by_partition(positions: ViewPositions) -> None:
    await positions.publish("show_film", "films", 0, 0)
    await positions.publish("show_film", "films", 3, 41)
    await positions.publish("show_film", "other", 0, 9)
    await positions.publish("find_films", "films", 0, 7)
    assert await positions.applied("show_film", "films") == {0: 0, 3: 41}
    assert await positions.applied("show_film", "nothing") == {}


async def test_a_late_word_never_moves_a_view_back(positions: ViewPositions) -> None:
    await positions.publish("late", "films", 0, 100)
    await positions.publish("late", "films", 0, 99)
    assert await positions.applied("late", "films") == {0: 100}


async def test_no_server_is_said_plainly(settings: Settings) -> None:
    with pytest.raises(SinkDown, match="does not answer"):
        await ViewPositions(replace(settings, cassandra="127.0.0.1:9")).open()
