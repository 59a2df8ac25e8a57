"""What the servers have must fit what is declared, or a worker does not start and says what to do. It waits for those
that are away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace

import pytest

from streams.admin import Topics
from streams.catalogue import Catalogue
from streams.keyspace import migrate
from streams.metrics import reports
from streams.opening import opened
from streams.platform import Platform
from streams.positions import VIEW_POSITIONS
from streams.processor import ProcessorError
from streams.registry import Registry, RegistryError
from streams.settings import Settings
from streams.topic_plan import Plan
from streams.worker import run
from tests import sample
from tests.cable import cable
from tests.free_ports import free_port
from tests.sample import SUMS, count_deposits, sum_deposits
from tests.sample_workers import drop, eventually


@pytest.fixture
async def platform(settings: Settings) -> Platform:
    """Topics and schemas alone: no worker gets as far as its tables."""
    made = sample.platform(settings)
    topics = Topics(settings)
    await topics.apply(await topics.plan(made.catalogue, made.processors))
    async with Registry(settings) as registry:
        await registry.register(made.catalogue)
    return made


def with_field(catalogue: Catalogue, kind: str, **field: object) -> Catalogue:
    """Deposits have one more field."""
    schema = deepcopy(catalogue.schemas["Deposited"])
    schema["fields"].append({"name": "note", "type": kind, "doc": "a note", **field})
    return replace(catalogue, schemas={**catalogue.schemas, "Deposited": schema})


async def starts(platform: Platform, catalogue: Catalogue) -> None:
    async with opened(replace(platform, catalogue=catalogue), [count_deposits]):
        pass


async def test_a_schema_that_does_not_fit_its_earlier_versions_is_refused(platform: Platform) -> None:
    wrong = with_field(platform.catalogue, "string")  # no default: nobody can read what was written before
    with pytest.raises(RegistryError, match=r"(?s)deposits.Deposited is not fully compatible .* give new fields a"):
        await starts(platform, wrong)


async def test_a_schema_that_fits_must_be_declared_first(platform: Platform) -> None:
    newer = with_field(platform.catalogue, "string", default="")
    with pytest.raises(RegistryError, match=r"(?s)not registered as it stands here.*playlog declare"):
        await starts(platform, newer)
    async with Registry(platform.settings) as registry:
        await registry.register(newer)
    await starts(platform, newer)
    await starts(platform, platform.catalogue)  # a worker of the release before goes on


async def test_all_earlier_versions_count(platform: Platform) -> None:
    """The third fits the second, and would misread what was written with the first."""
    async with Registry(platform.settings) as registry:
        first = with_field(platform.catalogue, "string", default="")
        await registry.register(first)
        with pytest.raises(RegistryError, match="not fully compatible"):
            await registry.register(with_field(platform.catalogue, "long", default=0))


async def test_a_topic_in_its_senders_time_is_refused(platform: Platform) -> None:
    topics = Topics(platform.settings)
    await topics.apply(Plan(alter=[("deposits", {"message.timestamp.type": "CreateTime"})]))
    with pytest.raises(ProcessorError, match=r"(?s)deposits bears its senders' times.*playlog topics apply"):
        await starts(platform, platform.catalogue)
    await topics.apply(await topics.plan(platform.catalogue, platform.processors))
    await starts(platform, platform.catalogue)


async def test_other_partitions_than_declared_are_refused(platform: Platform) -> None:
    topics = {name: replace(topic, partitions=3) for name, topic in platform.catalogue.topics.items()}
    with pytest.raises(ProcessorError, match=r"topic deposits has 2 partitions, topics/deposits.yaml says 3"):
        await starts(platform, replace(platform.catalogue, topics=topics))


@pytest.mark.parametrize("server", ["cassandra", "kafka", "registry"])
async def test_a_server_that_is_away_is_waited_for(platform: Platform, server: str) -> None:
    """Who only waits for Cassandra to come back does not need somebody to start it again."""
    await migrate(platform.settings, [SUMS, VIEW_POSITIONS])
    stop, at_work = asyncio.Event(), asyncio.Event()
    where: str = getattr(platform.settings, server)
    address = where.rpartition("//")[2].partition("/")[0]
    async with cable(address) as way:
        await way.cut()
        away = replace(
            platform, settings=replace(platform.settings, **{server: where.replace(address, f"127.0.0.1:{way.port}")})
        )
        worker = asyncio.create_task(run(away, [sum_deposits], stop, at_work.set))
        await eventually(says(away.settings, "does not answer"))
        await way.mend()
        await asyncio.wait_for(at_work.wait(), 60)
        assert not worker.done()
        stop.set()
        await asyncio.wait_for(worker, 60)
    await drop(platform)


async def test_who_waits_for_a_server_ends_when_told_to(platform: Platform) -> None:
    stop = asyncio.Event()
    away = replace(platform, settings=replace(platform.settings, cassandra=f"127.0.0.1:{free_port()}"))
    worker = asyncio.create_task(run(away, [count_deposits], stop))
    await eventually(says(away.settings, "Cassandra at 127.0.0.1"))
    stop.set()
    await asyncio.wait_for(worker, 60)


def says(settings: Settings, what: str) -> Callable[[], bool]:
    """Does a worker report that it is held by this?"""
    return lambda: any(what in one.reason for report in reports(settings) for one in report.partitions)
