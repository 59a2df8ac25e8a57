"""One partition at work: open, pull, apply, begin anew after a failure; closed between two batches.

While a batch is applied the next one is pulled and made ready: its records are decoded while the last one commits.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from aiokafka.errors import OffsetOutOfRangeError, ProducerFenced
from faust.types import TP

from streams.failures import DOWN, Backoff, LogLost
from streams.group import Group, Pull
from streams.health import Health
from streams.lot import record_of
from streams.record import Record

log = logging.getLogger(__name__)

PATIENCE = 1.0  # seconds that a pull waits for records
FENCED = 3.0  # seconds in which a fenced owner learns whether the partition is still its own


class Drawn(NamedTuple):
    """A pull, its records ready to be applied. The raw ones are let go of."""

    size: int
    records: Sequence[Record]
    after: int
    end: int


class Partition(ABC):
    """Runs until closed. What is down is waited for; anything unexpected is told to `fail` and ends the process."""

    largest = 1000  # records a batch; fewer after a failure, which a batch too large may have caused

    def __init__(self, tp: TP, group: Group, health: Health, fail: Callable[[BaseException], None]) -> None:
        self._tp = tp
        self._group = group
        self._health = health
        self._fail = fail
        self._closing = asyncio.Event()
        self._position = 0  # the next offset to read
        self._limit = self.largest
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name=f"{self._health.processor} {self._tp}")

    async def close(self, budget: float) -> None:
        """End after the batch in flight, or after `budget` seconds without it: nothing of it then counts."""
        self._closing.set()
        if self._task is not None:
            _, late = await asyncio.wait([self._task], timeout=budget)
            for task in late:
                task.cancel()
                await asyncio.wait([task], timeout=5)
        self._health.phase = "closed"

    @abstractmethod
    async def _open(self) -> int:
        """Make ready; the offset to begin at."""

    @abstractmethod
    async def _apply(self, records: Sequence[Record]) -> int:
        """Apply a batch for good; how many of its records were rejected."""

    async def _ready(self, raw: Sequence[Any]) -> Sequence[Record]:
        """The batch that `_apply` is given. Called while the one before is applied: it may not ask how far that is."""
        return [record_of(self._tp.partition, each) for each in raw]

    @abstractmethod
    async def _release(self) -> None:
        """Let go of what `_open` took, however far that came."""

    @abstractmethod
    async def _idle(self) -> None:
        """Nothing has arrived for a moment, and everything that has is applied."""

    async def _run(self) -> None:
        backoff = Backoff()
        while not self._closing.is_set():
            try:
                await self._work()
            except ProducerFenced:
                self._limit = max(1, self._limit // 4)
                self._health.held("another worker has this partition")
                await self._rest(FENCED)
            except DOWN as error:
                self._limit = max(1, self._limit // 4)
                pause = backoff.pause(again=self._health.phase == "held")
                self._health.held(f"{type(error).__name__}: {error}")
                log.warning("%s %s is held: %s", self._health.processor, self._tp, self._health.reason)
                await self._rest(pause)
            except Exception as error:
                self._health.held(f"{type(error).__name__}: {error}")
                self._fail(error)
                return

    async def _work(self) -> None:
        ahead: asyncio.Task[Drawn | None] | None = None
        try:
            self._position = await self._group.seek_now(self._tp, await self._open())
            self._health.position = self._position
            ahead = self._draw(self._position)
            while (drawn := await ahead) is not None and not self._closing.is_set():
                ahead = self._draw(drawn.after)
                await self._take(drawn)
        finally:
            try:
                if ahead is not None:
                    ahead.cancel()
                    await asyncio.gather(ahead, return_exceptions=True)
            finally:
                await self._release()

    async def _take(self, drawn: Drawn) -> None:
        self._health.end = drawn.end
        dead = await self._apply(drawn.records) if drawn.size else 0
        self._position = drawn.after
        self._group.hint(self._tp, drawn.after)
        self._limit = min(self.largest, self._limit * 2)
        self._health.applied(drawn.size, drawn.after, dead)
        if not drawn.size and drawn.after >= drawn.end:
            await self._idle()

    def _draw(self, position: int) -> asyncio.Task[Drawn | None]:
        return asyncio.create_task(self._drawn(position), name=f"{self._health.processor} {self._tp} ahead")

    async def _drawn(self, position: int) -> Drawn | None:
        """The records from `position` on, ready to be applied; None if the partition was closed meanwhile."""
        pull = await self._pull(position)
        if pull is None:
            return None
        if pull.before != position:
            raise self._lost(position, pull.before)
        records = await self._ready(pull.records) if pull.records else ()
        return Drawn(len(pull.records), records, pull.after, pull.end)

    async def _pull(self, position: int) -> Pull | None:
        """The next records; None if it was closed meanwhile."""
        pull = asyncio.ensure_future(self._group.pull(self._tp, PATIENCE, self._limit))
        closing = asyncio.ensure_future(self._closing.wait())
        try:
            await asyncio.wait({pull, closing}, return_when=asyncio.FIRST_COMPLETED)
            return pull.result() if pull.done() and not self._closing.is_set() else None
        except OffsetOutOfRangeError as error:
            raise self._lost(position, "another place") from error
        finally:
            closing.cancel()
            pull.cancel()

    def _lost(self, position: int, goes_on_at: object) -> LogLost:
        return LogLost(
            f"{self._health.processor} has applied {self._tp.topic}/{self._tp.partition} up to {position}, "
            f"but the log goes on at {goes_on_at}: what lies between would be lost\n"
            "  mend:   restore the topic, or forget what the processor knows and rebuild it"
        )

    async def _rest(self, pause: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), pause)
