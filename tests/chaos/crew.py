"""Workers that share a group, and what befalls them: killed, frozen, sent away, always replaced by a new release."""

from __future__ import annotations

import asyncio
import itertools
import multiprocessing
import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil

from streams.settings import Settings
from tests.chaos.faults import Fault
from tests.chaos.worker import SESSION, Orders, work

Fate = Fault | signal.Signals | None  # strikes itself; is killed, frozen or sent away; is spared

SIZE = 3
AT_WORK_WITHIN = 30.0  # seconds; no longer, as a server may be down
ASLEEP = 2.5 * SESSION  # seconds that a frozen worker stays so: others have its partitions, it wakes as a zombie
STRUCK_WITHIN = 5.0  # seconds that a fault has to meet its step; afterwards it lies in wait
FORKS = multiprocessing.get_context("forkserver")  # a worker is there in hundredths of a second
FORKS.set_forkserver_preload(["streams.worker", "pytest"])  # nothing that has Polars compute: its threads do not fork
_releases = itertools.count(1)


class Worker:
    """A process that hosts the ledger's processors, and the fate it was started with."""

    def __init__(self, settings: Settings, folder: Path, hosted: Sequence[str], fate: Fate) -> None:
        release = next(_releases)
        fault = fate if isinstance(fate, Fault) else None
        self.fate, self.log, self._ready = fate, folder / f"{release}.log", folder / f"{release}.ready"
        self._process = FORKS.Process(
            target=work, args=(Orders(settings, hosted, release, fault, self.log, self._ready, folder / "struck"),)
        )
        self._process.start()

    @property
    def exit(self) -> int | None:
        return self._process.exitcode

    @property
    def failed(self) -> bool:
        """Has it ended in an error of its own?"""
        return self.exit is not None and self.exit > 0

    @property
    def was_at_work(self) -> bool:
        """Has every processor joined its group?"""
        return self._ready.exists()

    @property
    def settled(self) -> bool:
        """At work, or never to be."""
        return self.exit is not None or self.was_at_work or self.frozen

    @property
    def frozen(self) -> bool:
        try:
            return self.exit is None and psutil.Process(self.pid).status() == psutil.STATUS_STOPPED
        except psutil.NoSuchProcess:
            return False

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def send(self, what: signal.Signals) -> None:
        if self.exit is None:
            psutil.Process(self.pid).send_signal(what)

    def end(self) -> None:
        """Kill what is left of it."""
        self._process.kill()
        self._process.join(10)


class Crew:
    """As many workers as `SIZE`, for the same processors, on one data folder like one machine's."""

    def __init__(
        self, settings: Settings, folder: Path, hosted: Sequence[str], fates: Iterator[Fate], later: Iterator[Fate]
    ) -> None:
        """A worker that is started gets the next of the `fates`, one that outlives it the next signal of `later`.

        When there are no more, it is spared.
        """
        folder.mkdir(parents=True)
        self._settings, self._folder, self._hosted = settings, folder, hosted
        self._fates: Iterator[Fate] = fates
        self._later = later
        self._workers: list[Worker] = []
        self._dead: list[Worker] = []

    @property
    def kills(self) -> int:
        return sum(worker.exit == -signal.SIGKILL for worker in self._dead)

    @property
    def quitters(self) -> list[Path]:
        """The logs of workers that were at work, and ended in an error of their own."""
        return [worker.log for worker in self._dead if worker.failed and worker.was_at_work]

    @property
    def struck(self) -> set[str]:
        """The points and signals that faults have struck at."""
        told = self._folder / "struck"
        return set(told.read_text().splitlines()) if told.exists() else set()

    async def work(self, enough: Callable[[], bool]) -> None:
        """Keep every post until it is enough; then new workers, whom nothing befalls, do what is left."""
        await asyncio.gather(*(self._keep(enough) for _ in range(SIZE)))
        for what in (signal.SIGCONT, signal.SIGTERM):
            for worker in self._workers:
                worker.send(what)
        await _until(lambda: all(worker.exit is not None for worker in self._workers), 60)
        for worker in list(self._workers):
            self._bury(worker)
        for _ in range(SIZE):
            self._hire(None)

    def end(self) -> None:
        """Kill whatever is left."""
        for worker in self._workers:
            worker.end()

    async def _keep(self, enough: Callable[[], bool]) -> None:
        """A post: one worker after the other, each until something has ended it."""
        while not enough():
            worker = self._hire(next(self._fates, None))
            await self._accompany(worker, enough)
            if worker.failed:  # as `playlog up` does, another takes over after a moment; it gets the fate, too
                self._fates = itertools.chain([worker.fate], self._fates)
                await asyncio.sleep(1)
            if worker.exit is not None:
                self._bury(worker)

    async def _accompany(self, worker: Worker, enough: Callable[[], bool]) -> None:
        while worker.exit is None and not enough():
            await _until(lambda: worker.settled, AT_WORK_WITHIN)
            await self._befall(worker)

    def _hire(self, fate: Fate) -> Worker:
        self._workers.append(Worker(self._settings, self._folder, self._hosted, fate))
        return self._workers[-1]

    def _bury(self, worker: Worker) -> None:
        self._workers.remove(worker)
        self._dead.append(worker)

    async def _befall(self, worker: Worker) -> None:
        """Its fate comes over a worker; whom that does not end gets another."""
        if not isinstance(worker.fate, Fault):
            await asyncio.sleep(random.uniform(0.1, 2))
        if isinstance(worker.fate, signal.Signals):
            worker.send(worker.fate)
        if worker.fate is not None:
            await _until(lambda: worker.exit is not None or worker.frozen, STRUCK_WITHIN)
        if worker.frozen:
            await asyncio.sleep(ASLEEP)
            worker.send(signal.SIGCONT)
        if worker.exit is None:
            worker.fate = next(self._later, None)


async def _until(true: Callable[[], bool], patience: float) -> None:
    """Wait until it is, or until patience has an end."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if true():
            return
        await asyncio.sleep(0.05)
