"""The events of one task on their way to the log, one behind the other; confirmed before the task is acknowledged."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence

import msgspec
from aiokafka.errors import KafkaError, KafkaTimeoutError

from streams.context import Context
from streams.emission import Cause, Emission
from streams.event import Event
from streams.letters import Place, letter
from streams.partitions import send_alone
from streams.processor import Work
from streams.record import Outgoing, Record

LONGEST_PAUSE = 10.0  # seconds between attempts while the broker is down
logger = logging.getLogger(__name__)


class Unnamed(TypeError):
    """A work yielded an event without an id of its own: run twice, the task would report it as two."""


class Reports:
    """What one task has to tell, in the order in which it was yielded: each waits until the one before is confirmed.

    Sending again what is unconfirmed is safe: ids are natural, folds take each once.
    """

    def __init__(self, context: Context, work: Work, record: Record) -> None:
        self._context = context
        self._record = record
        self._place = Place(work.name, context.version, work.reads[0].topic, record.partition)
        self._emission = Emission(self._place, context.catalogue, context.codec, work.emits)
        self._count = 0
        self._last: asyncio.Task[None] | None = None

    def add(self, event: Event) -> None:
        """Send an event, not yet confirmed. Raises Unnamed, Undeclared, or ValueError for one that does not fit."""
        if not event.event_id:
            raise Unnamed(
                f"{self._place.processor} yielded {type(event).__name__} without an event_id\n"
                "  mend:   event_id=natural_id(task.task_id, …what names this fact)"
            )
        timed = msgspec.structs.replace(event, occurred_at=event.occurred_at or time.time_ns() // 1_000_000)
        records = self._emission.records([timed], self._cause(timed.occurred_at), self._record.offset, self._count)
        self._count += 1
        self._send(records)

    def _cause(self, occurred_at: int) -> Cause:
        record = self._record
        correlation = record.text("correlation-id") or (record.key or b"").decode(errors="replace")
        return Cause(record.text("event-id"), correlation, occurred_at, "", record.header("traceparent"))

    def bury(self, error: BaseException) -> None:
        """Write the task to the work's dead letters."""
        self._send([letter(self._place, self._record, "dead", error)])

    async def confirm(self) -> None:
        """Return when all is confirmed, however long the broker is down.

        Raises what the broker refuses for good (an event too large for its topic); nothing yielded after it is sent.
        """
        last, self._last = self._last, None
        if last is not None:
            await last

    def _send(self, records: Sequence[Outgoing]) -> None:
        for outgoing in records:
            self._last = asyncio.create_task(self._follow(self._last, outgoing))
            self._last.add_done_callback(lambda done: done.cancelled() or done.exception())  # `confirm` raises it

    async def _follow(self, before: asyncio.Task[None] | None, outgoing: Outgoing) -> None:
        """Send after `before` is confirmed, again and again while the broker is down; raises what `before` raised."""
        if before is not None:
            await before
        pause = 0.2
        while True:
            try:
                return await self._sent(outgoing)
            except (KafkaError, OSError, TimeoutError) as error:
                if not _passes(error):
                    raise
                logger.warning("%s: %s not confirmed yet: %r", self._place.processor, outgoing.topic, error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _sent(self, outgoing: Outgoing) -> None:
        producer, topic = self._context.producer, self._context.settings.named(outgoing.topic)
        key, value, headers = outgoing.key or b"", outgoing.value or b"", list(outgoing.headers)
        if outgoing.alone:
            await (await send_alone(producer, topic, key, value, headers))
        else:
            await producer.send_and_wait(topic, value, key=key, headers=headers)


def _passes(error: BaseException) -> bool:
    """Is it the broker or the way there, not the event? (aiokafka does not count its own time-out as retriable.)"""
    return not isinstance(error, KafkaError) or error.retriable or isinstance(error, KafkaTimeoutError)
