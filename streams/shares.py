"""Share groups (KIP-932): tasks handed out one at a time. The client calls its API a preview: touched here only.

A task's lock can't be prolonged: the broker could (KIP-1222, acknowledgement type RENEW), the client has only
ACCEPT, RELEASE and REJECT (confluent-kafka 2.16). So a lock lasts a work's whole time limit (`tasks.configure`),
and of a worker that was lost without leaving the group, a task is handed out again only when its lock has ended.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, cast

import confluent_kafka
from confluent_kafka import AcknowledgeType, KafkaException

from streams.record import Record
from streams.settings import Settings

Verdict = Literal["accept", "release"]
T = TypeVar("T")
ACKNOWLEDGE = {"accept": AcknowledgeType.ACCEPT, "release": AcknowledgeType.RELEASE}
NEVER_MS = 86_400_000  # a task may run long between polls; the lock, not the poll, says when it is late


class ShareDown(RuntimeError):
    """The broker did not hand out or take back a task: try again later."""


class LockLost(RuntimeError):
    """The broker took no verdict on the task (its lock had ended, or the broker was lost): it is handed out again."""


@dataclass(frozen=True)
class Delivery:
    """A task in hand. `count`: how often it has been handed out, this time included."""

    record: Record
    count: int
    message: Any


class ShareReader:
    """One member of a topic's share group, one task in hand at most. The group bears the topic's name."""

    def __init__(self, settings: Settings, topic: str) -> None:
        self._settings = settings
        self._topic = settings.named(topic)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"share-{topic}")
        self._consumer: Any = None

    async def open(self) -> None:
        """Join the group; it is configured already (`admin.Topics.configure_group`)."""
        self._consumer = await self._in_thread(self._joined)

    async def close(self) -> None:
        """Leave the group; a task still in hand goes to another member at once."""
        if self._consumer is not None:
            await self._in_thread(self._consumer.close)
        self._thread.shutdown(wait=False)

    async def next(self, patience: float = 1.0) -> Delivery | None:
        """The next task, or None where none came within `patience` seconds. Raises ShareDown."""
        messages = list(await self._in_thread(lambda: self._consumer.poll(patience)))
        return _delivery(messages[0]) if messages else None

    async def settle(self, delivery: Delivery, verdict: Verdict) -> None:
        """Accept: it is done for good. Release: it is handed out again at once. Raises LockLost or ShareDown."""
        await self._in_thread(lambda: self._settled(delivery.message, verdict))

    def _joined(self) -> Any:
        consumer = cast("Any", confluent_kafka).ShareConsumer(
            {
                "bootstrap.servers": self._settings.kafka,
                "group.id": self._topic,
                "share.acknowledgement.mode": "explicit",
                "max.poll.records": 1,
                "max.poll.interval.ms": NEVER_MS,
                "reconnect.backoff.max.ms": 2_000,
                "log_level": 2,  # a broker that is away is told by what fails, not by each attempt
            }
        )
        consumer.subscribe([self._topic])
        return consumer

    def _settled(self, message: Any, verdict: Verdict) -> None:
        self._consumer.acknowledge(message, ACKNOWLEDGE[verdict])
        for place, error in self._consumer.commit_sync(30.0).items():
            if error is not None:
                raise LockLost(f"{place.topic}/{place.partition}/{place.offset}: {error}")

    async def _in_thread(self, call: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, call)
        except KafkaException as error:
            raise ShareDown(f"share group {self._topic}: {error}") from error


def _delivery(message: Any) -> Delivery:
    if (error := message.error()) is not None:
        raise ShareDown(f"{message.topic()}: {error}")
    record = Record(
        partition=message.partition(),
        offset=message.offset(),
        timestamp=message.timestamp()[1],
        key=message.key(),
        value=message.value(),
        headers=tuple(message.headers() or ()),
    )
    return Delivery(record, message.delivery_count(), message)
