"""What the broker knows of the topics: their ids and sizes, asked once when a worker starts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

import confluent_kafka.admin
from confluent_kafka import KafkaError, KafkaException, TopicCollection

from streams.settings import Settings

sdk = cast("Any", confluent_kafka.admin)


class TopicMissing(RuntimeError):
    """A topic that a processor needs is not there; the text says how to make it."""


@dataclass(frozen=True)
class TopicInfo:
    """`topic_id` changes when a topic is deleted and made anew; `brokers_time`: its records bear LogAppendTime."""

    topic_id: str
    partitions: int
    brokers_time: bool


async def topic_info(settings: Settings, names: Iterable[str]) -> dict[str, TopicInfo]:
    """The topics of these names (without the namespace); raises TopicMissing, or KafkaException without a broker."""
    return await asyncio.to_thread(_describe, settings, sorted(set(names)))


def _describe(settings: Settings, names: list[str]) -> dict[str, TopicInfo]:
    admin = sdk.AdminClient({"bootstrap.servers": settings.kafka})
    full = {name: settings.named(name) for name in names}
    asked: dict[str, Any] = admin.describe_topics(TopicCollection(list(full.values())))
    resources = {name: sdk.ConfigResource(sdk.ResourceType.TOPIC, full[name]) for name in names}
    configs: dict[Any, Any] = admin.describe_configs(list(resources.values()))
    return {name: _info(name, asked[full[name]], configs[resources[name]]) for name in names}


def _info(name: str, answer: Any, config: Any) -> TopicInfo:
    try:
        described = answer.result(timeout=30)
    except KafkaException as error:
        if error.args[0].code() != KafkaError.UNKNOWN_TOPIC_OR_PART:
            raise
        raise TopicMissing(f"topic {name} is not there\n  mend:   playlog topics apply") from None
    time = config.result(timeout=30)["message.timestamp.type"].value
    return TopicInfo(str(described.topic_id), len(described.partitions), time == "LogAppendTime")
