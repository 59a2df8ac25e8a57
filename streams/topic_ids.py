"""What the broker knows of the topics: their ids and sizes, asked once when a worker starts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from confluent_kafka import KafkaError, KafkaException, TopicCollection
from confluent_kafka.admin import AdminClient

from streams.settings import Settings


class TopicMissing(RuntimeError):
    """A topic that a processor needs is not there; the text says how to make it."""


@dataclass(frozen=True)
class TopicInfo:
    """`topic_id` changes when a topic is deleted and made anew."""

    topic_id: str
    partitions: int


async def topic_info(settings: Settings, names: Iterable[str]) -> dict[str, TopicInfo]:
    """The topics of these names (without the namespace); raises TopicMissing, or KafkaException without a broker."""
    return await asyncio.to_thread(_describe, settings, sorted(set(names)))


def _describe(settings: Settings, names: list[str]) -> dict[str, TopicInfo]:
    admin: Any = AdminClient({"bootstrap.servers": settings.kafka})
    asked: dict[str, Any] = admin.describe_topics(TopicCollection([settings.named(name) for name in names]))
    return {name: _info(name, asked[settings.named(name)]) for name in names}


def _info(name: str, answer: Any) -> TopicInfo:
    try:
        described = answer.result(timeout=30)
    except KafkaException as error:
        if error.args[0].code() != KafkaError.UNKNOWN_TOPIC_OR_PART:
            raise
        raise TopicMissing(f"topic {name} is not there\n  mend:   playlog topics apply") from None
    return TopicInfo(str(described.topic_id), len(described.partitions))
