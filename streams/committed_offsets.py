"""How far the version that serves has come: who builds the next one beside a fold or a tally never passes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient

from streams.settings import Settings

EVERY = 0.5  # seconds between two questions


async def committed(settings: Settings, processor: str) -> Mapping[tuple[str, int], int]:
    """The next offset that the processor will read, by topic and partition; what it never came to is absent.

    The group's offsets are committed after the transactions, so it may have come further. Raises KafkaError.
    """
    admin: Any = AIOKafkaAdminClient(bootstrap_servers=settings.kafka)
    await admin.start()
    try:
        found = await admin.list_consumer_group_offsets(settings.named(processor))
    finally:
        await admin.close()
    return {(settings.bare(tp.topic), tp.partition): one.offset for tp, one in found.items() if one.offset >= 0}
