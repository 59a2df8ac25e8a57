"""Whether the next version of a processor's state is at work: the former may be removed only then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.catalogue import Catalogue
from streams.changelog import changelog
from streams.entry import HANDED_OVER
from streams.processor import Fold, Tally
from streams.settings import Settings
from streams.versions import Versions

EVERY = 3.0  # seconds between two looks


async def taken_over(
    settings: Settings, catalogue: Catalogue, states: Sequence[Fold | Tally], versions: Versions,
    tell: Callable[[str], object],
) -> None:  # fmt: skip
    """Return when workers have taken over every partition of these. Raises KafkaError."""
    for one in states:
        partitions = catalogue.topic_of(one.reads[0]).partitions
        topic = settings.named(changelog(versions.processor(one.name)))
        while missing := sorted(set(range(partitions)) - await _handed_over(settings, topic, partitions)):
            tell(f"waiting for a worker to go on with {one.name}, partition {', '.join(map(str, missing))}")
            await asyncio.sleep(EVERY)


async def _handed_over(settings: Settings, topic: str, partitions: int) -> set[int]:
    """The partitions whose changelog says so."""
    places = [TopicPartition(topic, number) for number in range(partitions)]
    consumer: Any = AIOKafkaConsumer(
        bootstrap_servers=settings.kafka, isolation_level="read_committed", enable_auto_commit=False,
        auto_offset_reset="earliest",
    )  # fmt: skip
    await consumer.start()
    try:
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        found: set[int] = set()
        while open_ := [p for p in places if p.partition not in found and await consumer.position(p) < ends[p]]:
            for place, records in (await consumer.getmany(*open_, timeout_ms=500)).items():
                found |= {place.partition for record in records if record.key == HANDED_OVER}
        return found
    finally:
        await consumer.stop()
