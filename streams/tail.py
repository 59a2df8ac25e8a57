"""Reading the log from outside a processor: following topics as they grow, and the history of one key."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

from aiokafka import AIOKafkaConsumer
from aiokafka.client import AIOKafkaClient
from aiokafka.structs import TopicPartition

from streams.codec import Codec, Undecodable, UnknownSchema
from streams.event import Event
from streams.partitions import partition_of
from streams.positions import Position
from streams.record import Record
from streams.registry import Registry
from streams.settings import Settings

Start = Literal["start", "end"] | int  # an int is a time: ms since 1970


@dataclass(frozen=True)
class Recorded:
    """A record of the log. `clock` is the broker's time in ms; `event` is None where `problem` says why.

    `key` and `headers` are for people; `record` holds the bytes as they are.
    """

    event: Event | None
    position: Position
    clock: int
    key: str
    headers: dict[str, str]
    record: Record
    problem: str = ""


class Tail:
    """Reads whole topics without a group: what is committed, of all partitions, ticks left out."""

    def __init__(self, settings: Settings, codec: Codec) -> None:
        self._settings = settings
        self._codec = codec

    @asynccontextmanager
    async def follow(
        self, topics: Sequence[str], start: Start = "end"
    ) -> AsyncGenerator[AsyncIterator[Recorded], None]:
        """Records of `topics` as they come, each partition in order; `end` is the end when the block is entered."""
        async with self._consumer() as consumer:
            await _seek(consumer, await self._all(topics), start)
            yield self._forever(consumer)

    async def until_now(
        self, topics: Sequence[str], start: Start = "start", controls: bool = False
    ) -> AsyncIterator[Recorded]:
        """Records of `topics` from `start` to what is their end now; with `controls`, also those without a value."""
        async with self._consumer() as consumer:
            async for recorded in self._to_end(consumer, await self._all(topics), start, controls):
                yield recorded

    async def history(self, topics: Sequence[str], key: str, since: int = 0) -> AsyncIterator[Recorded]:
        """All records of one key from a time (ms) to now: only the partitions that can hold it are read."""
        async with self._consumer() as consumer:
            counts = await self._partitions(topics)
            places = [TopicPartition(name, partition_of(key.encode(), count)) for name, count in counts.items()]
            async for recorded in self._to_end(consumer, places, since):
                if recorded.key == key:
                    yield recorded

    async def _all(self, topics: Sequence[str]) -> list[TopicPartition]:
        counts = await self._partitions(topics)
        return [TopicPartition(name, number) for name, count in counts.items() for number in range(count)]

    async def _partitions(self, topics: Sequence[str]) -> dict[str, int]:
        """Partition count by full name; raises LookupError for a topic that the broker does not have."""
        client: Any = AIOKafkaClient(bootstrap_servers=self._settings.kafka)
        try:
            await client.bootstrap()
            cluster = await client.fetch_all_metadata()
        finally:
            await client.close()
        names = [self._settings.named(topic) for topic in topics]
        if absent := [name for name in names if not cluster.partitions_for_topic(name)]:
            raise LookupError(f"Kafka has no topic {', '.join(absent)}\n  mend:   playlog topics apply")
        return {name: len(cluster.partitions_for_topic(name)) for name in names}

    @asynccontextmanager
    async def _consumer(self) -> AsyncGenerator[Any, None]:
        consumer: Any = AIOKafkaConsumer(
            bootstrap_servers=self._settings.kafka,
            enable_auto_commit=False,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
        )
        try:
            await consumer.start()
            yield consumer
        finally:
            await consumer.stop()

    async def _forever(self, consumer: Any) -> AsyncIterator[Recorded]:
        async for message in consumer:
            if message.value is not None:
                yield await self._recorded(message)

    async def _to_end(
        self, consumer: Any, places: list[TopicPartition], start: Start, controls: bool = False
    ) -> AsyncIterator[Recorded]:
        await _seek(consumer, places, start)
        ends = await consumer.end_offsets(places)
        while open_ := [place for place in places if await consumer.position(place) < ends[place]]:
            fetched = await consumer.getmany(*open_, timeout_ms=200)
            for place, messages in fetched.items():
                for message in messages:
                    if (controls or message.value is not None) and message.offset < ends[place]:
                        yield await self._recorded(message)

    async def _recorded(self, message: Any) -> Recorded:
        topic = self._settings.bare(message.topic)
        event, problem = (None, "") if message.value is None else await self._decoded(message.value)
        return Recorded(
            event,
            Position(topic, message.partition, message.offset),
            message.timestamp,
            (message.key or b"").decode(errors="replace"),
            {name: value.decode(errors="replace") for name, value in message.headers},
            Record(
                message.partition, message.offset, message.timestamp, message.key, message.value, tuple(message.headers)
            ),
            problem,
        )

    async def _decoded(self, value: bytes) -> tuple[Event | None, str]:
        try:
            return self._codec.decode(value), ""
        except UnknownSchema as unknown:
            return await self._learnt(value, unknown.schema_id)
        except Undecodable as error:
            return None, str(error)

    async def _learnt(self, value: bytes, schema_id: int) -> tuple[Event | None, str]:
        """Decode after asking the registry for the writer's schema."""
        try:
            async with Registry(self._settings) as registry:
                self._codec.learn(schema_id, await registry.schema(schema_id))
            return self._codec.decode(value), ""
        except (Undecodable, RuntimeError) as error:
            return None, str(error)


async def _seek(consumer: Any, places: list[TopicPartition], start: Start) -> None:
    """Raises LookupError where there is nothing to read: no topic was named."""
    if not places:
        raise LookupError("no topic to read")
    consumer.assign(places)
    if start == "start":
        offsets = await consumer.beginning_offsets(places)
    elif start == "end":
        offsets = await consumer.end_offsets(places)
    else:
        ends = await consumer.end_offsets(places)
        found = await consumer.offsets_for_times(dict.fromkeys(places, start))
        offsets = {place: found[place].offset if found[place] else ends[place] for place in places}
    for place in places:
        consumer.seek(place, offsets[place])
