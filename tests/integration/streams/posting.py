"""Records as they are written to topics, and dead letters as they lie there."""

from __future__ import annotations

from collections.abc import Iterable

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from streams.platform import Platform
from streams.record import Outgoing
from streams.resolutions import Letter, read_letter


async def letters(platform: Platform, processor: str) -> list[Letter]:
    """The dead-letter topic of a processor, in order."""
    topic = TopicPartition(platform.settings.named(f"{processor}-dlq"), 0)
    consumer = AIOKafkaConsumer(bootstrap_servers=platform.settings.kafka, isolation_level="read_committed")
    await consumer.start()
    try:
        consumer.assign([topic])
        await consumer.seek_to_beginning(topic)
        end = (await consumer.end_offsets([topic]))[topic]
        found: list[Letter] = []
        while await consumer.position(topic) < end:
            batch = await consumer.getmany(topic, timeout_ms=200)
            found += [read_letter(r.key, r.value, r.headers) for r in batch.get(topic, ())]
        return found
    finally:
        await consumer.stop()


async def send(platform: Platform, records: Iterable[tuple[Outgoing, int]]) -> None:
    async with AIOKafkaProducer(bootstrap_servers=platform.settings.kafka) as producer:
        for record, partition in records:
            topic = platform.settings.named(record.topic)
            headers = list(record.headers)
            await producer.send_and_wait(topic, record.value, record.key, partition, headers=headers)
