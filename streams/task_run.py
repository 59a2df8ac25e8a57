"""The life of one task: decode, run under its time limit, report, and decide whether it is done or handed out again."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any, cast

from streams.codec import Undecodable
from streams.context import Context
from streams.event import Event
from streams.log import LogDown
from streams.processor import ProcessorError, Work
from streams.record import Record
from streams.registry import RegistryError
from streams.reports import Reports
from streams.shares import Delivery, Verdict
from streams.sinks import SinkDown
from streams.store_errors import StoreDown

OUTAGES = (StoreDown, SinkDown, LogDown)
LAST = 5  # group.share.delivery.count.limit: a release of this delivery would drop the task
LONGEST_PAUSE = 10.0  # seconds between attempts during an outage
logger = logging.getLogger(__name__)


class TimeLimit(TimeoutError):
    """A task ran longer than its work's `time_limit`."""


class WorkerLost(RuntimeError):
    """The workers that had this task died, or were stopped, again and again."""


class TaskRunner:
    """Runs the tasks of one topic, each by the work that takes its kind of event."""

    def __init__(
        self, context: Context, works: Mapping[type[Event], Work], provided: Mapping[Any, object], lock: int
    ) -> None:
        """`lock`: ms that a task belongs to who took it. Raises ProcessorError where `provided` lacks a need's type."""
        self._context = context
        self._lock = lock / 1000
        self._works = works
        self._needs = {work.name: _needs(work, provided) for work in works.values()}

    async def run(self, delivery: Delivery) -> Verdict:
        """See a task through. When this returns "accept", all that follows from it is confirmed.

        An outage of the stores is waited out with the task in hand, for as long as its time limit. What else
        a work raises becomes its `failed` event; without one the task is released, and dead-lettered before
        the broker would drop it. A task that lost all its workers is not tried another time.
        """
        if delivery.record.value is None:
            return "accept"
        record = delivery.record
        try:
            task = await self._decoded(record)
            work = self._works[type(task)]
        except (Undecodable, KeyError) as error:
            return await self._bury(Reports(self._context, next(iter(self._works.values())), record), error)
        reports = Reports(self._context, work, record)
        taken = time.monotonic()
        if delivery.count >= LAST:
            lost = WorkerLost(f"handed out {delivery.count} times; the workers died, or were stopped, each time")
            return await self._fail(work, task, reports, lost)
        if (error := await self._tried(work, task, reports)) is not None:
            if time.monotonic() - taken > self._lock:  # this process was frozen: another has the task
                logger.warning("%s gave up after its lock had ended", work.name, exc_info=error)
                return "release"
            again = isinstance(error, OUTAGES) or work.failed is None
            if again and delivery.count < LAST - 1:  # the last delivery is never run
                return await self._give_back(work, error, delivery.count)
            return await self._fail(work, task, reports, error)
        return "accept"

    async def _decoded(self, record: Record) -> Event:
        pause = 0.2
        while True:
            try:
                await self._context.learn([record])
                return self._context.codec.decode(record.value)
            except RegistryError as error:
                logger.warning("waiting for the schema registry with a task in hand: %s", error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _tried(self, work: Work, task: Event, reports: Reports) -> Exception | None:
        """Run the work and see all that it told confirmed; what it failed with, or what the broker refused."""
        failure: Exception | None = None
        try:
            await self._perform(work, task, reports)
        except Exception as error:
            failure = error
        try:
            await reports.confirm()
        except Exception as refused:
            failure = failure or refused
        return failure

    async def _perform(self, work: Work, task: Event, reports: Reports) -> None:
        """Run the work, again and again while its stores are down; raises TimeLimit, or the last outage."""
        outage: Exception | None = None
        seconds = work.limit(type(task)) / 1000
        limit = asyncio.timeout(seconds)
        try:
            async with limit:
                pause = 0.5
                while True:
                    try:
                        return await self._once(work, task, reports)
                    except OUTAGES as error:
                        outage = error
                        logger.warning("%s waits out an outage: %s", work.name, error)
                        await asyncio.sleep(pause)
                        pause = min(pause * 2, LONGEST_PAUSE)
        except TimeoutError:
            if not limit.expired():
                raise
            raise outage or TimeLimit(f"{work.name} ran longer than {seconds:g} s") from None

    async def _once(self, work: Work, task: Event, reports: Reports) -> None:
        generator = cast("AsyncGenerator[Event, None]", work.function(task, **self._needs[work.name]))
        async with aclosing(generator) as events:
            async for event in events:
                reports.add(event)

    async def _give_back(self, work: Work, error: Exception, count: int) -> Verdict:
        logger.warning("%s gives a task back after delivery %d: %r", work.name, count, error)
        await asyncio.sleep(min(2.0 ** (count - 1), LONGEST_PAUSE))  # a release comes back at once
        return "release"

    async def _fail(self, work: Work, task: Event, reports: Reports, error: Exception) -> Verdict:
        """Tell the fold that owns the task; bury it where no `failed` is declared, or none can be made or sent."""
        logger.warning("%s failed", work.name, exc_info=error)
        if work.failed is None:
            return await self._bury(reports, error)
        try:
            reports.add(work.failed(task, error))
            await reports.confirm()
        except Exception as second:
            second.__context__ = error
            return await self._bury(reports, second)
        return "accept"

    async def _bury(self, reports: Reports, error: Exception) -> Verdict:
        """Into the work's dead letters; an undecodable task goes to those of the topic's first work."""
        reports.bury(error)
        await reports.confirm()
        return "accept"


def _needs(work: Work, provided: Mapping[Any, object]) -> dict[str, object]:
    if absent := [kind for kind in work.needs.values() if kind not in provided]:
        raise ProcessorError(
            f"work {work.name} needs {', '.join(getattr(kind, '__name__', str(kind)) for kind in absent)}, "
            "which this worker does not provide\n  mend:   hand it to run_works"
        )
    return {name: provided[kind] for name, kind in work.needs.items()}
