"""Topics as anybody reads them: by a client and a codec that the engine has no part in."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import fastavro
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition

from streams.platform import Platform


@dataclass(frozen=True)
class Record:
    """A committed record: its event's fields, its place, and the place of the record that caused it."""

    event: dict[str, Any]
    place: tuple[int, int]
    cause: tuple[int, int] | None


def read_topic(platform: Platform, topic: str, event: str) -> list[Record]:
    """All committed records of a topic that holds one kind of event, each partition in order."""
    schema = fastavro.parse_schema(platform.catalogue.schemas[event])
    records: list[Record] = []
    for message in _messages(platform, topic):
        fields: Any = fastavro.schemaless_reader(io.BytesIO(message.value()[5:]), schema, None)
        cause = dict(message.headers())["cause"].decode().split("/")
        source = (int(cause[3]), int(cause[4])) if len(cause) == 6 else None
        records.append(Record(fields, (message.partition(), message.offset()), source))
    return records


def _messages(platform: Platform, topic: str) -> Iterable[Any]:
    consumer: Any = Consumer({
        "bootstrap.servers": platform.settings.kafka, "group.id": "auditor", "enable.auto.commit": False,
        "isolation.level": "read_committed", "enable.partition.eof": True,
    })  # fmt: skip
    name, count = platform.settings.named(topic), platform.catalogue.topics[topic].partitions
    consumer.assign([TopicPartition(name, partition, OFFSET_BEGINNING) for partition in range(count)])
    ended: set[int] = set()
    try:
        while len(ended) < count:
            for message in consumer.consume(2000, timeout=0.3):
                if message.error() is None:
                    yield message
                elif message.error().code() == KafkaError._PARTITION_EOF:
                    ended.add(message.partition())
                else:
                    raise KafkaException(message.error())
    finally:
        consumer.close()
