"""Which partition a key belongs to, and records that must have a producer batch of their own."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, cast

from aiokafka import partitioner


@lru_cache(maxsize=16_384)  # murmur2 in Python takes longer than the rest of a send
def partition_of(key: bytes, count: int) -> int:
    """The partition of `key` among `count`: murmur2, as Kafka's own producers choose it."""
    return (cast("Any", partitioner).murmur2(key) & 0x7FFFFFFF) % count


async def send_alone(producer: Any, topic: str, key: bytes, value: bytes, headers: list[tuple[str, bytes]]) -> Any:
    """Send a record as a batch of its own; its confirmation, to be awaited.

    A share group hands out whole batches (KIP-932), so a task that shares one waits for its neighbours.
    """
    batch = producer.create_batch()
    batch.append(key=key, value=value, timestamp=None, headers=headers)
    batch.close()
    count = len(await producer.partitions_for(topic))
    return await producer.send_batch(batch, topic, partition=partition_of(key, count))
