"""Records as they are written to topics, dead letters as they lie there, and what deposits come to."""

from __future__ import annotations

from collections.abc import Iterable

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from streams.admin import Topics
from streams.event import natural_id
from streams.platform import Platform
from streams.record import Outgoing
from streams.resolutions import Letter, read_letter
from streams.settings import Settings
from streams.topic_plan import Plan
from tests.sample import Counted, Deposited
from tests.sample_workers import read


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


async def limit(settings: Settings, topic: str, size: int) -> None:
    """The largest record that a topic takes from now on."""
    await Topics(settings).apply(Plan(alter=[(topic, {"max.message.bytes": str(size)})]))


def deposits(count: int) -> list[Deposited]:
    """So many deposits of one account."""
    return [Deposited(event_id=natural_id("deposit", n), account="ann", amount=1) for n in range(count)]


async def counted(platform: Platform) -> list[int]:
    """The numbers that the fold has given to deposits."""
    return [event.number for event in await read(platform, "totals") if isinstance(event, Counted)]
