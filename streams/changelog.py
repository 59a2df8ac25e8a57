"""Recovery: read a changelog partition from the local checkpoint to its end."""

from __future__ import annotations

import asyncio
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.as_parsed import arrived
from streams.local_state import LocalState

FETCH = 4 * 1024 * 1024  # bytes
CHUNK = 20_000  # records that are written together
PATIENCE = 0.5  # seconds that are waited for the next


def changelog(processor: str) -> str:
    """The name of a fold's changelog topic."""
    return f"{processor}-changelog"


async def recover(kafka: str, topic: str, partition: int, state: LocalState) -> int:
    """Bring `state` up to the end of its changelog; how many records that took.

    To be called after the partition's transactional id has been initialised: then no transaction is open, the
    last stable offset is the end, and nobody can write behind it. Raises KafkaError.
    """
    tp = TopicPartition(topic, partition)
    consumer = reader(kafka, FETCH, patience=0.1)
    await consumer.start()
    try:
        consumer.assign([tp])
        beginning = (await consumer.beginning_offsets([tp]))[tp]
        end = (await consumer.end_offsets([tp]))[tp]
        consumer.seek(tp, max(beginning, state.checkpoint))
        count = await _read(consumer, tp, end, state)
        for _ in state.index():
            await asyncio.sleep(0)
        return count
    finally:
        await consumer.stop()


def reader(kafka: str, fetch: int, patience: float) -> Any:
    """A consumer of changelogs' committed records: `fetch` bytes at a time, the broker waits for `patience` seconds."""
    return AIOKafkaConsumer(
        bootstrap_servers=kafka,
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_bytes=fetch,
        max_partition_fetch_bytes=fetch,
        fetch_max_wait_ms=int(patience * 1000),
    )


async def take(consumer: Any, tp: TopicPartition, state: LocalState, patience: float, limit: int) -> int:
    """Take over up to `limit` records that arrive within `patience` seconds; how many."""
    position = await consumer.position(tp)
    await arrived(consumer._fetcher, tp, patience)
    found = await consumer.getmany(tp, timeout_ms=0, max_records=limit)
    records = found.get(tp, ())
    after = await consumer.position(tp)
    if after > position:
        state.recover({record.key: record.value for record in records}, after)
    return len(records)


async def _read(consumer: Any, tp: TopicPartition, end: int, state: LocalState) -> int:
    count = 0
    while await consumer.position(tp) < end:
        count += await take(consumer, tp, state, PATIENCE, CHUNK)
    return count
