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
PATIENCE = 5.0  # seconds for an answer


class TopicMissing(RuntimeError):
    """A topic that a processor needs is not there; the text says how to make it."""


@dataclass(frozen=True)
class TopicInfo:
    """`topic_id` changes when a topic is deleted and made anew; `brokers_time`: its records bear LogAppendTime."""

    topic_id: str
    partitions: int
    brokers_time: bool


async def topic_info(settings: Settings, names: Iterable[str]) -> dict[str, TopicInfo]:
    """The topics of these names (without the namespace); raises TopicMissing, TimeoutError without a broker."""
    return await asyncio.to_thread(_describe, settings, sorted(set(names)))


def _describe(settings: Settings, names: list[str]) -> dict[str, TopicInfo]:
    admin = sdk.AdminClient({"bootstrap.servers": settings.kafka, "log_level": 0, "reconnect.backoff.ms": 500})
    full = {name: settings.named(name) for name in names}
    asked: dict[str, Any] = admin.describe_topics(TopicCollection(list(full.values())), request_timeout=PATIENCE)
    resources = {name: sdk.ConfigResource(sdk.ResourceType.TOPIC, full[name]) for name in names}
    configs: dict[Any, Any] = admin.describe_configs(list(resources.values()), request_timeout=PATIENCE)
    try:
        return {name: _info(name, asked[full[name]], configs[resources[name]]) for name in names}
    except KafkaException as error:
        if error.args[0].name() not in ("_TIMED_OUT", "_TRANSPORT"):
            raise
        raise TimeoutError(f"Kafka at {settings.kafka} does not answer: {error}\n  mend:   playlog doctor") from error


def _info(name: str, answer: Any, config: Any) -> TopicInfo:
    try:
        described = answer.result()
    except KafkaException as error:
        if error.args[0].code() != KafkaError.UNKNOWN_TOPIC_OR_PART:
            raise
        raise TopicMissing(f"topic {name} is not there\n  mend:   playlog topics apply") from None
    time = config.result()["message.timestamp.type"].value
    return TopicInfo(str(described.topic_id), len(described.partitions), time == "LogAppendTime")
