"""Three brokers keep everything three times: one is killed with -9 while all are busy, and nothing is lost."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import KafkaException, TopicCollection
from confluent_kafka.admin import (
    AdminClient,
    ConfigResource,  # pyright: ignore[reportPrivateImportUsage] (the documented place)
    ResourceType,  # pyright: ignore[reportPrivateImportUsage]
)

from streams.admin import Topics
from streams.platform import Platform
from streams.settings import Settings
from streams.shares import ShareReader
from streams.topic_plan import wanted_topics
from tests.chaos.crew import Crew
from tests.chaos.havoc import declared, havoc
from tests.own_servers import OwnServers, brokers
from tests.sample_workers import drop, eventually, rows

OF_KAFKA = ("__consumer_offsets", "__transaction_state", "__share_group_state")


@pytest.fixture
async def cluster(tmp_path: Path) -> AsyncIterator[list[OwnServers]]:
    async with brokers(tmp_path / "brokers", 3) as cluster:
        yield cluster


@pytest.fixture
async def ledger(settings: Settings, cluster: list[OwnServers]) -> AsyncIterator[Platform]:
    """The ledger's platform, three copies of each topic."""
    kafka = ",".join(broker.local.address("kafka") for broker in cluster)
    made = await declared(replace(settings, kafka=kafka, replication=3))
    yield made
    await drop(made)


def copies(kafka: str, topics: Iterable[str]) -> dict[str, tuple[set[int], str]]:
    """By topic, how many copies its partitions have, and how many must have a record before it is confirmed."""
    admin: Any = AdminClient({"bootstrap.servers": kafka})
    described = admin.describe_topics(TopicCollection(list(topics)))
    configs = admin.describe_configs([ConfigResource(ResourceType.TOPIC, topic) for topic in described])
    return {
        resource.name: (
            {len(partition.replicas) for partition in described[resource.name].result(30).partitions},
            answer.result(30)["min.insync.replicas"].value,
        )
        for resource, answer in configs.items()
    }


async def used_share_group(settings: Settings) -> None:
    """Kafka makes its topic of share groups when the first is used."""
    await Topics(settings).configure_group("reminders", {"share.auto.offset.reset": "earliest"})
    reader = ShareReader(settings, "reminders")
    await reader.open()
    await reader.next()
    await reader.close()


async def test_a_broker_is_killed_and_nothing_is_lost(
    ledger: Platform, cluster: list[OwnServers], tmp_path: Path
) -> None:
    settings = ledger.settings
    crew = Crew(settings, tmp_path / "crew", [processor.name for processor in ledger.processors], iter(()), iter(()))
    named = [settings.named(topic.name) for topic in wanted_topics(ledger.catalogue, ledger.processors)]

    async def counted() -> int:
        return sum(number for _, number in (await rows(ledger, "sums")).values())

    async def one_is_killed() -> None:
        await eventually(counted)
        before = await counted()
        await random.choice(cluster).kill("kafka")

        async def went_on() -> bool:
            return await counted() > before + 100

        await eventually(went_on)

    async def all_is_copied() -> bool:
        with suppress(KafkaException):  # Kafka makes its own topics when it needs them
            return copies(settings.kafka, [*named, *OF_KAFKA]) == dict.fromkeys([*named, *OF_KAFKA], ({3}, "2"))
        return False

    async def outages() -> None:
        await eventually(counted)
        await used_share_group(settings)
        await eventually(all_is_copied)
        await one_is_killed()

    count, verdicts = await havoc(ledger, [crew], lambda: True, outages)
    assert not {name: verdict for name, verdict in verdicts.items() if verdict}
    assert count > 100
    assert not crew.quitters
