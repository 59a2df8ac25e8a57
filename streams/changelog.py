"""Recovery: read a changelog partition from the local checkpoint to its end."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.as_parsed import arrived
from streams.local_state import LocalState
from streams.store import Changes

FETCH = 4 * 1024 * 1024  # bytes
CHUNK = 20_000  # records that are written together
PATIENCE = 0.5  # seconds that are waited for the next
END = object()


class Part(NamedTuple):
    """Records of a changelog, of each key the last; how many they were, and the offset behind them."""

    changes: Changes
    size: int
    after: int


def changelog(processor: str) -> str:
    """The name of a fold's changelog topic."""
    return f"{processor}-changelog"


async def recover(kafka: str, topic: str, partition: int, state: LocalState) -> int:
    """Bring `state` up to the end of its changelog; how many records that took.

    To be called after the partition's transactional id has been initialised: then no transaction is open, the
    last stable offset is the end, and nobody can write behind it. Raises KafkaError.

    Kafka 4.4.0 breaks this where a lone broker is stopped in the moment in which a transaction ends: it may be complete
    without its markers. What lies behind the last stable offset is then passed over, and nothing here notices.
    """
    tp = TopicPartition(topic, partition)
    consumer = reader(kafka, FETCH, patience=0.1)
    await consumer.start()
    try:
        consumer.assign([tp])
        beginning = (await consumer.beginning_offsets([tp]))[tp]
        end = (await consumer.end_offsets([tp]))[tp]
        consumer.seek(tp, max(beginning, state.checkpoint))
        with ThreadPoolExecutor(1) as thread:  # the loop is free for other partitions; left when nothing is written
            count = await _read(consumer, tp, end, state, thread)
            lots = state.index()
            while await asyncio.wrap_future(thread.submit(next, lots, END)) is not END:
                continue
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


async def pull(consumer: Any, tp: TopicPartition, patience: float, limit: int) -> Part:
    """Up to `limit` records that arrive within `patience` seconds."""
    await arrived(consumer._fetcher, tp, patience)
    found = await consumer.getmany(tp, timeout_ms=0, max_records=limit)
    records = found.get(tp, ())
    return Part({record.key: record.value for record in records}, len(records), await consumer.position(tp))


async def _read(consumer: Any, tp: TopicPartition, end: int, state: LocalState, thread: ThreadPoolExecutor) -> int:
    """Take over all up to `end`: while one part is written, the next is parsed."""
    count = 0
    written: Future[Any] = thread.submit(int)
    while await consumer.position(tp) < end:
        part = await pull(consumer, tp, PATIENCE, CHUNK)
        await asyncio.wrap_future(written)
        written = thread.submit(state.recover, part.changes, part.after)
        count += part.size
    await asyncio.wrap_future(written)
    return count
