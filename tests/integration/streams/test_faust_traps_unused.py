"""Traps of Faust 0.15.3 in what the engine does not use: shown on plain Faust, and that it does without."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.faust_app import processor_app
from streams.faust_transport import Transport
from streams.harness import run
from streams.log import Log
from streams.platform import Platform
from streams.settings import Settings
from tests import sample
from tests.integration.streams.hosted import MemoryStores, hosted
from tests.integration.streams.plain_faust import committed, plain_app, post, raw, started
from tests.integration.streams.posting import counted, deposits
from tests.sample import count_deposits
from tests.sample_workers import eventually


async def stranger_commits(settings: Settings, group: str, place: TopicPartition, offset: int) -> None:
    """What Faust's `exactly_once` does, by somebody who is not, or no longer, a member of the group."""
    stranger = plain_app(settings, "stranger", processing_guarantee="exactly_once").producer
    await stranger.start()
    await stranger.begin_transaction(name := settings.named("stranger"))
    await stranger.commit_transactions({name: {place: offset}}, settings.named(group), start_new_transaction=False)
    await stranger.stop()


async def test_in_fausts_transactions_zombies_move_the_offsets(settings: Settings) -> None:
    source = await post(settings, "deposits", 5)
    member = AIOKafkaConsumer(source, bootstrap_servers=settings.kafka, group_id=settings.named("plain"))
    async with member:
        await stranger_commits(settings, "plain", TopicPartition(source, 0), 5)

        async def moved() -> bool:
            return await member.committed(TopicPartition(source, 0)) == 5  # the member has read nothing yet

        await eventually(moved)


async def test_our_offsets_are_in_the_changelog(platform: Platform, log: Log) -> None:
    posted = (await log.post_all(deposits(5)))[0]
    place = TopicPartition(platform.settings.named("deposits"), posted.partition)
    await stranger_commits(platform.settings, "count_deposits", place, 5)

    async def moved() -> bool:
        return await committed(platform.settings, "count_deposits", place.topic, place.partition) == 5

    await eventually(moved)
    async with hosted(platform, count_deposits, MemoryStores()):

        async def all_counted() -> bool:
            return await counted(platform) == [1, 2, 3, 4, 5]

        await eventually(all_counted)


async def test_fausts_confluent_driver_processes_nothing(settings: Settings) -> None:
    """It polls once it has its partitions, which it would be given while it polls."""
    source, seen = await post(settings, "deposits", 3), {"confluent": 0, "kafka": 0}
    apps = {driver: plain_app(settings, driver, driver) for driver in seen}

    def agent(driver: str, app: Any) -> None:
        @app.agent(raw(app, source), name=driver)
        async def take(stream: Any) -> None:
            async for _ in stream:
                seen[driver] += 1

    for driver, app in apps.items():
        agent(driver, app)
    starting = asyncio.create_task(apps["confluent"].start())
    await eventually(lambda: apps["confluent"].consumer.started)
    async with started(apps["kafka"]):
        await eventually(lambda: seen["kafka"] == 3)
    assert (seen["confluent"], starting.done(), apps["confluent"].consumer.assignment()) == (0, False, set())
    starting.cancel()
    await apps["confluent"].stop()


async def test_we_have_one_driver(settings: Settings) -> None:
    hosted_by: Any = SimpleNamespace(topics=["deposits"])
    app = processor_app(settings, "count", hosted_by)
    assert {url.scheme for url in app.conf.broker} == {"playlog"}
    assert type(app.transport) is Transport


async def test_fausts_batches_can_not_change_a_table(settings: Settings) -> None:
    source, app = await post(settings, "deposits", 3), plain_app(settings, "plain", topic_partitions=1)
    table, errors = app.Table(settings.named("plain-table"), default=int), []

    @app.agent(raw(app, source))
    async def take(stream: Any) -> None:
        async for batch in stream.take(3, within=1):
            try:
                table["count"] += len(batch)
            except TypeError as error:
                errors.append(str(error))

    async with started(app):
        await eventually(lambda: bool(errors))
    assert errors == ["Cannot modify table key from outside of stream iteration"]


def test_our_batches_change_state() -> None:
    assert run(count_deposits, deposits(3), catalogue=sample.catalogue()).states["ann"] == sample.Total(
        total=3, number=3
    )
