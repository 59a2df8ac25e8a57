"""One partition at work: open, pull, apply, begin anew after a failure; closed between two batches."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

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

    def _batch(self, raw: Sequence[Any]) -> Sequence[Record]:
        """The batch that `_apply` is given."""
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
        try:
            self._position = await self._group.seek_now(self._tp, await self._open())
            self._health.position = self._position
            while not self._closing.is_set():
                await self._turn()
        finally:
            await self._release()

    async def _turn(self) -> None:
        pull = await self._pull()
        if pull is None:
            return
        if pull.before != self._position:
            raise self._lost(pull.before)
        self._health.end = pull.end
        dead = await self._apply(self._batch(pull.records)) if pull.records else 0
        self._position = pull.after
        self._group.hint(self._tp, pull.after)
        self._limit = min(self.largest, self._limit * 2)
        self._health.applied(len(pull.records), pull.after, dead)
        if not pull.records and pull.after >= pull.end:
            await self._idle()

    async def _pull(self) -> Pull | None:
        """The next records; None if it was closed meanwhile."""
        pull = asyncio.ensure_future(self._group.pull(self._tp, PATIENCE, self._limit))
        closing = asyncio.ensure_future(self._closing.wait())
        try:
            await asyncio.wait({pull, closing}, return_when=asyncio.FIRST_COMPLETED)
            return pull.result() if pull.done() and not self._closing.is_set() else None
        except OffsetOutOfRangeError as error:
            raise self._lost("another place") from error
        finally:
            closing.cancel()
            pull.cancel()

    def _lost(self, goes_on_at: object) -> LogLost:
        return LogLost(
            f"{self._health.processor} has applied {self._tp.topic}/{self._tp.partition} up to {self._position}, "
            f"but the log goes on at {goes_on_at}: what lies between would be lost\n"
            "  mend:   restore the topic, or forget what the processor knows and rebuild it"
        )

    async def _rest(self, pause: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), pause)
