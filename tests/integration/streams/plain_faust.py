"""Plain Faust on the real broker: an application as its manual shows it, committing when a test says so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import faust
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from yarl import URL

from streams.admin import Topics
from streams.settings import Settings
from streams.topic_plan import Plan, Wanted

NEVER = 3600.0  # seconds


def plain_app(settings: Settings, name: str, driver: str = "kafka", **options: Any) -> Any:
    """An application whose group is `name`; it commits when it is told to."""
    options = {"broker_commit_interval": NEVER, "stream_wait_empty": False, "stream_recovery_delay": 0, **options}
    return faust.App(
        settings.named(name), broker=[URL(f"{driver}://{settings.kafka}")], store="memory://", datadir=settings.home,
        web_enabled=False, autodiscover=False, topic_disable_leader=True, topic_replication_factor=1, **options,
    )  # fmt: skip


def raw(app: Any, topic: str) -> Any:
    """A topic of bytes, as an agent reads it or sends to it."""
    return app.topic(topic, value_type=bytes, value_serializer="raw", partitions=1)


@asynccontextmanager
async def started(app: Any) -> AsyncIterator[Any]:
    await app.start()
    try:
        yield app
    finally:
        await app.stop()


async def made(settings: Settings, topic: str, **config: str) -> str:
    """Make a topic of one partition; its full name."""
    await Topics(settings).apply(Plan(create=[Wanted(topic, 1, config, "a test")]))
    return settings.named(topic)


async def post(settings: Settings, topic: str, count: int) -> str:
    """Write the numbers up to `count` into a new topic; its full name."""
    name = await made(settings, topic)
    async with AIOKafkaProducer(bootstrap_servers=settings.kafka) as producer:
        for number in range(count):
            await producer.send_and_wait(name, str(number).encode(), b"k", partition=0)
    return name


async def committed(settings: Settings, group: str, topic: str, partition: int = 0) -> int | None:
    """The offset that a group has committed."""
    async with AIOKafkaConsumer(bootstrap_servers=settings.kafka, group_id=settings.named(group)) as asking:
        return await asking.committed(TopicPartition(topic, partition))


async def written(settings: Settings, topic: str) -> int:
    """How many records a topic of one partition has been sent."""
    async with AIOKafkaConsumer(bootstrap_servers=settings.kafka) as asking:
        return (await asking.end_offsets([place := TopicPartition(topic, 0)]))[place]
