"""All that an installation keeps, as bytes: every record of every topic, every row, every document."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Any

import httpx
import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.client import AIOKafkaClient

from streams.cassandra import connect
from streams.settings import Settings


@dataclass(frozen=True)
class Kept:
    """One record, row or document: `place` is its topic, table or index; `value` is None for a tombstone."""

    place: str
    key: bytes
    value: bytes | None
    headers: bytes = b""

    def holds(self, word: str) -> bool:
        return any(word.encode() in part for part in (self.key, self.value or b"", self.headers))


async def everything(settings: Settings) -> list[Kept]:
    """What the topics, the keyspace and the indexes of a namespace hold, uncommitted records included."""
    return [
        *[kept async for kept in topics(settings)],
        *[kept async for kept in tables(settings)],
        *[kept async for kept in indexes(settings)],
    ]


async def topics(settings: Settings, *names: str) -> AsyncIterator[Kept]:
    """Every record of the topics of the names, or of all, in the order of each partition."""
    consumer: Any = AIOKafkaConsumer(bootstrap_servers=settings.kafka, enable_auto_commit=False)
    await consumer.start()
    try:
        places = [place for place in await _partitions(settings) if not names or settings.bare(place.topic) in names]
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        ends = await consumer.end_offsets(places)
        while behind := [place for place in places if await consumer.position(place) < ends[place]]:
            for place, messages in (await consumer.getmany(*behind, timeout_ms=500)).items():
                for message in messages:
                    headers = b"\n".join(name.encode() + b"=" + value for name, value in message.headers)
                    yield Kept(settings.bare(place.topic), message.key or b"", message.value, headers)
    finally:
        await consumer.stop()


async def _partitions(settings: Settings) -> list[TopicPartition]:
    """Of all topics of the namespace."""
    client: Any = AIOKafkaClient(bootstrap_servers=settings.kafka)
    await client.bootstrap()
    try:
        cluster = await client.fetch_all_metadata()
    finally:
        await client.close()
    mine = [name for name in cluster.topics() if name.startswith(settings.named(""))]
    return [TopicPartition(name, number) for name in mine for number in cluster.partitions_for_topic(name)]


async def tables(settings: Settings, *names: str) -> AsyncIterator[Kept]:
    """Every row of the tables of the names, or of all."""
    session = await connect(settings)
    try:
        listed = await _rows(
            session, f"SELECT table_name FROM system_schema.tables WHERE keyspace_name = '{settings.keyspace}'"
        )
        for name in names or sorted(row["table_name"] for row in listed):
            for row in await _rows(session, f'SELECT * FROM {settings.keyspace}."{name}"'):
                yield Kept(name, b"", repr(sorted(row.items())).encode())
    finally:
        await session.close()


async def _rows(session: Any, query: str) -> list[dict[str, Any]]:
    result = await session.execute(session.query(query, page_size=100_000))
    assert not result.has_more_pages()
    return [row.as_dict() for row in result.all()]


async def indexes(settings: Settings) -> AsyncIterator[Kept]:
    """Every document of every index."""
    prefix = settings.named("", "-").lower()
    async with httpx.AsyncClient(base_url=settings.opensearch, timeout=30) as client:
        await client.post(f"/{prefix}*/_refresh")
        for listed in (await client.get(f"/_cat/indices/{prefix}*", params={"format": "json"})).json():
            found = (await client.get(f"/{listed['index']}/_search", params={"size": 10_000})).raise_for_status().json()
            assert found["hits"]["total"]["value"] == len(found["hits"]["hits"])
            for hit in found["hits"]["hits"]:
                yield Kept(listed["index"], hit["_id"].encode(), msgspec.json.encode(hit["_source"]))


def holding(kept: Iterable[Kept], *words: str) -> list[Kept]:
    """Those that hold any of the words."""
    return [one for one in kept if any(one.holds(word) for word in words)]
