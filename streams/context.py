"""What all partitions of a worker share: settings, codec, a plain producer, the broker's word on the topics."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from streams.catalogue import Catalogue
from streams.codec import Codec, Undecodable, wire_id
from streams.record import LETTER, Outgoing, Record, unpack
from streams.registry import Registry, SchemaNotFound
from streams.settings import Settings
from streams.topic_ids import TopicInfo


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

    async def learn(self, records: Iterable[Record]) -> None:
        """Fetch the writers' schemas that are not known yet; raises RegistryError where the registry is down.

        A replay asks for the schema of the dead letter in it. An id that the registry lacks stays unknown: its
        records are undecodable.
        """
        for schema_id in {i for i in map(_schema_id, records) if i is not None and not self.codec.knows(i)}:
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


def _schema_id(record: Record) -> int | None:
    """The id that the bytes of the record, or of the letter in a control record, name; None where they name none."""
    try:
        letter = record.header(LETTER) if record.value is None else None
        return wire_id(record.value if letter is None else unpack(letter).value)
    except (Undecodable, msgspec.DecodeError):
        return None
