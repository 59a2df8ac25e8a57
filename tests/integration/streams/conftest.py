"""A declared sample platform on the real servers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from streams.admin import Topics
from streams.keyspace import migrate
from streams.log import Log
from streams.platform import Platform
from streams.positions import VIEW_POSITIONS
from streams.registry import Registry
from streams.settings import Settings
from tests import sample
from tests.sample_workers import Workers, drop


@pytest.fixture
async def platform(settings: Settings) -> AsyncIterator[Platform]:
    """The sample platform, declared to the servers under the test's own namespace."""
    made = sample.platform(settings)
    topics = Topics(settings)
    await topics.apply(await topics.plan(made.catalogue, made.processors))
    async with Registry(settings) as registry:
        await registry.register(made.catalogue)
    await migrate(settings, [sample.TOTALS, sample.TALLIES, sample.SUMS, VIEW_POSITIONS])
    yield made
    await drop(made)


@pytest.fixture
async def log(platform: Platform) -> AsyncIterator[Log]:
    codec = await platform.codec()
    async with Log(platform.settings, platform.catalogue, codec, in_flight=100_000, patience=60) as log:
        yield log


@pytest.fixture
def workers(platform: Platform, tmp_path: Path) -> Iterator[Workers]:
    made = Workers(platform.settings, tmp_path)
    yield made
    made.kill()
