"""The events of one task on their way to the log: sent as they come, confirmed before the task is acknowledged."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Any

import msgspec

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
    """What one task has to tell. Sending again what is unconfirmed is safe: ids are natural, folds take each once."""

    def __init__(self, context: Context, work: Work, record: Record) -> None:
        self._context = context
        self._record = record
        self._place = Place(work.name, context.version, work.reads[0].topic, record.partition)
        self._emission = Emission(self._place, context.catalogue, context.codec, work.emits)
        self._count = 0
        self._pending: list[tuple[Outgoing, asyncio.Future[Any]]] = []

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
        """Return when all is confirmed; while the broker is down, wait and send again."""
        pause = 0.2
        while self._pending:
            results = await asyncio.gather(*(future for _, future in self._pending), return_exceptions=True)
            failed = [
                (outgoing, result)
                for (outgoing, _), result in zip(self._pending, results, strict=True)
                if isinstance(result, BaseException)
            ]
            self._pending = []
            if failed:
                logger.warning("%s: %d events not confirmed: %r", self._place.processor, len(failed), failed[0][1])
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
                self._send([outgoing for outgoing, _ in failed])

    def _send(self, records: Sequence[Outgoing]) -> None:
        for outgoing in records:
            self._pending.append((outgoing, asyncio.ensure_future(self._sent(outgoing))))

    async def _sent(self, outgoing: Outgoing) -> None:
        producer, topic = self._context.producer, self._context.settings.named(outgoing.topic)
        key, value, headers = outgoing.key or b"", outgoing.value or b"", list(outgoing.headers)
        if outgoing.alone:
            await (await send_alone(producer, topic, key, value, headers))
        else:
            await producer.send_and_wait(topic, value, key=key, headers=headers)
