"""What all partitions of a worker share: settings, codec, a plain producer, the broker's word on the topics."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from streams.catalogue import Catalogue
from streams.codec import HEADER, Codec, Undecodable, wire_id
from streams.record import LETTER, Outgoing, Record, unpack
from streams.registry import Registry, SchemaNotFound
from streams.settings import Settings
from streams.topic_ids import TopicInfo, topic_info


@dataclass(frozen=True)
class Context:
    """Opened once a process by `worker.run`; `version` is the code's, as events name it in their headers."""

    settings: Settings
    catalogue: Catalogue
    codec: Codec
    registry: Registry
    producer: Any  # aiokafka's, outside any transaction
    topics: Mapping[str, TopicInfo]
    version: str
    aside: asyncio.Lock = field(default_factory=asyncio.Lock)  # held by what must not slow the partitions at work

    async def topic_id(self, topic: str) -> str:
        """The id of a topic; raises TopicMissing, or KafkaException without a broker."""
        known = self.topics.get(topic) or (await topic_info(self.settings, [topic]))[topic]
        return known.topic_id

    async def learn(self, records: Iterable[Record]) -> None:
        """Fetch the writers' schemas that are not known yet; raises RegistryError where the registry is down.

        A replay asks for the schema of the dead letter in it. An id that the registry lacks stays unknown: its
        records are undecodable.
        """
        for schema_id in _schema_ids(records):
            if self.codec.knows(schema_id):
                continue
            try:
                self.codec.learn(schema_id, await self.registry.schema(schema_id))
            except SchemaNotFound:
                continue

    async def send(self, records: Iterable[Outgoing], partition: int | None = None) -> None:
        """Write records outside a transaction and wait until they are confirmed; raises KafkaError."""
        sent = [
            await self.producer.send(
                self.settings.named(r.topic), r.value, key=r.key, headers=list(r.headers), partition=partition
            )
            for r in records
        ]
        await asyncio.gather(*sent)


def _schema_ids(records: Iterable[Record]) -> Iterator[int]:
    """The ids named by the bytes of the records, or of the letters in control records, where they name one."""
    values: set[bytes | None] = set()
    for record in records:
        if record.value is not None:
            values.add(record.value[: HEADER.size])
        elif (letter := record.header(LETTER)) is not None:
            with contextlib.suppress(msgspec.DecodeError):
                values.add(unpack(letter).value)
    for value in values:
        with contextlib.suppress(Undecodable):
            yield wire_id(value)
