"""How far the version that serves has come: who builds the next one beside a fold or a tally never passes it."""

from __future__ import annotations

import asyncio
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


class Former:
    """Waits for the serving version of a processor on one partition: what it has not done, it may yet emit."""

    def __init__(self, settings: Settings, processor: str, topic: str, partition: int) -> None:
        self._settings = settings
        self._processor = processor
        self._place = (topic, partition)
        self._next = 0

    async def reaches(self, offset: int, closing: asyncio.Event) -> bool:
        """Return when it has applied `offset`; False where `closing` is set before. Raises KafkaError."""
        while self._next <= offset and not closing.is_set():
            self._next = (await committed(self._settings, self._processor)).get(self._place, 0)
            if self._next <= offset:
                await asyncio.sleep(EVERY)
        return self._next > offset
