"""Writing to the log from outside a processor: confirmed, in batches shared by many callers, bounded."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

import msgspec
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from streams.catalogue import Catalogue
from streams.codec import Codec
from streams.event import Event
from streams.partitions import partition_of, send_alone
from streams.positions import Position
from streams.settings import Settings


class Overloaded(RuntimeError):
    """So many events are on their way to the log that no more are taken: try again in a moment."""


class LogDown(RuntimeError):
    """The log has not confirmed in time. The event may yet be in it: post it again under the same id."""


class Log:
    """An idempotent producer (acks=all). What `post` returns from is in the log for good."""

    def __init__(
        self,
        settings: Settings,
        catalogue: Catalogue,
        codec: Codec,
        origin: str = "gateway",
        in_flight: int = 20_000,
        patience: float = 10.0,
    ) -> None:
        """`origin` names the writer in each event's `cause`; `patience` is how long a confirmation may take, in s."""
        self._settings = settings
        self._codec = codec
        self._shared = {settings.named(topic.name) for topic in catalogue.topics.values() if topic.share}
        self._compacted = {topic.name for topic in catalogue.topics.values() if topic.compact}
        self._origin = origin.encode()
        self._limit = in_flight
        self._patience = patience
        self._waiting = 0
        self._producer: Any = None

    async def open(self) -> None:
        """Connect; raises LogDown where no broker answers."""
        self._producer = AIOKafkaProducer(
            bootstrap_servers=self._settings.kafka,
            acks="all",
            enable_idempotence=True,
            linger_ms=2,
            max_batch_size=256 * 1024,
        )
        try:
            await self._producer.start()
        except (KafkaError, OSError) as error:
            await self._producer.stop()
            raise LogDown(
                f"Kafka at {self._settings.kafka} does not answer: {error}\n  mend:   playlog doctor"
            ) from error

    async def close(self) -> None:
        """Wait for what is on its way, then disconnect."""
        if self._producer is not None:
            await self._producer.stop()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def post(
        self,
        event: Event,
        causation_id: str | None = None,
        correlation_id: str | None = None,
        traceparent: str | None = None,
    ) -> Position:
        """Write one event and wait until it is confirmed; where it stands. Raises as `post_all`."""
        return (await self.post_all([event], causation_id, correlation_id, traceparent))[0]

    async def post_all(
        self,
        events: Sequence[Event],
        causation_id: str | None = None,
        correlation_id: str | None = None,
        traceparent: str | None = None,
    ) -> list[Position]:
        """Write events and wait until all are confirmed; where each stands, in the same order.

        An event without id or time gets them here. `correlation_id` defaults to the event's key: the subject
        whose story it belongs to; on a compacted topic to the event's id: what is erased there with its key must not
        be found by that key in what followed from it. Raises ValueError where an event does not fit its schema
        (none is written), Overloaded before anything is written, and LogDown.
        """
        given = {"causation-id": causation_id, "correlation-id": correlation_id, "traceparent": traceparent}
        records = [self._record(event, given) for event in events]
        if self._waiting + len(records) > self._limit:
            raise Overloaded(f"{self._waiting} events are waiting for the log; at most {self._limit} may")
        confirmations: list[asyncio.Future[Any]] = []
        try:
            async with asyncio.timeout(self._patience):
                for record in records:  # one after the other: so they are in order, and a task each costs more
                    confirmations.append(await self._send(record))
                if confirmations:
                    await asyncio.wait(confirmations)
        except TimeoutError:
            late = len(records) - sum(confirmation.done() for confirmation in confirmations)
            raise LogDown(
                f"Kafka has not confirmed {late} of {len(records)} events within {self._patience:g} s"
            ) from None
        except KafkaError as error:
            raise LogDown(f"Kafka did not take an event: {error!r}") from error
        return [self._position(confirmation) for confirmation in confirmations]

    def _record(self, event: Event, given: dict[str, str | None]) -> dict[str, Any]:
        named = msgspec.structs.replace(
            event,
            event_id=event.event_id or str(uuid.uuid4()),
            occurred_at=event.occurred_at or time.time_ns() // 1_000_000,
        )
        headers = {"event-id": named.event_id, **given}
        subject = named.event_id if event.topic in self._compacted else named.partition_key
        headers["correlation-id"] = headers["correlation-id"] or subject
        return {
            "topic": self._settings.named(event.topic),
            "key": named.partition_key.encode(),
            "value": self._codec.encode(named),
            "headers": [
                ("cause", self._origin),
                *((name, text.encode()) for name, text in headers.items() if text is not None),
            ],
        }

    async def _send(self, record: dict[str, Any]) -> asyncio.Future[Any]:
        """The record's confirmation, still to come; it counts as waiting until then, whoever waits for it."""
        if record["topic"] in self._shared:
            confirmation = await send_alone(self._producer, **record)
        else:
            count = len(await self._producer.partitions_for(record["topic"]))
            confirmation = await self._producer.send(**record, partition=partition_of(record["key"], count))
        self._waiting += 1
        confirmation.add_done_callback(self._confirmed)
        return confirmation

    def _confirmed(self, confirmation: asyncio.Future[Any]) -> None:
        self._waiting -= 1
        if not confirmation.cancelled():
            confirmation.exception()  # looked at: nobody may be waiting for it any more

    def _position(self, confirmation: asyncio.Future[Any]) -> Position:
        if (error := confirmation.exception()) is not None:
            raise LogDown(f"Kafka did not confirm: {error!r}") from error
        confirmed = confirmation.result()
        return Position(self._settings.bare(confirmed.topic), confirmed.partition, confirmed.offset)
