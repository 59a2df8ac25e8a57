"""Worker processes that tests may kill, and what they look at afterwards."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import acsylla
import pytest

from streams.cassandra import connect
from streams.event import Event
from streams.platform import Platform
from streams.settings import Settings
from streams.tail import Tail

ROOT = Path(__file__).resolve().parents[1]


class Workers:
    """Processes that host the sample's fold and view; each has its number."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._environment = {**os.environ, **settings.environment(), "PYTHONPATH": str(ROOT)}
        self.cure = folder / "cure"
        self._environment["SAMPLE_CURE"] = str(self.cure)
        self._folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, home: str = "home", only: Sequence[str] = ()) -> int:
        """Start another; those with the same `home` share a data folder, as on one machine."""
        number = len(self.processes)
        environment = {**self._environment, "PLAYLOG_HOME": str(self._folder / home)}
        with (self._folder / f"worker-{number}.log").open("wb") as log:
            command = [sys.executable, "-m", "tests.sample", *only]
            self.processes.append(subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log))
        return number

    def send(self, number: int, what: signal.Signals) -> None:
        self.processes[number].send_signal(what)

    def end(self, number: int, what: signal.Signals = signal.SIGTERM) -> int:
        """Signal a worker and wait for its end; its exit status."""
        self.send(number, what)
        return self.processes[number].wait(60)

    def kill(self) -> None:
        """End whatever is left."""
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait(10)

    def home_of(self, settings: Settings, home: str = "home") -> Settings:
        """The settings as the workers of that home see them."""
        return replace(settings, home=str(self._folder / home))

    def log(self, number: int) -> str:
        return (self._folder / f"worker-{number}.log").read_text()


async def read(platform: Platform, *topics: str) -> list[Event]:
    """The committed events of these topics, in the order of each partition."""
    tail = Tail(platform.settings, await platform.codec())
    return [found.event async for found in tail.until_now(topics) if found.event is not None]


async def rows(platform: Platform, table: str = "totals") -> dict[str, tuple[int, int]]:
    """A table of the sample: total and number by account."""
    session = await connect(platform.settings)
    try:
        found = await session.execute(_statement(f"SELECT * FROM {platform.settings.keyspace}.{table}"))
        return {row["account"]: (row["total"], row["number"]) for row in map(_plain, found.all())}
    finally:
        await session.close()


async def eventually(check: Callable[[], object], patience: float = 90) -> None:
    """Wait until `check`, possibly a coroutine function, is true; the last answer is in the failure."""
    end, answer = time.monotonic() + patience, None
    while time.monotonic() < end:
        answer = check()
        if asyncio.iscoroutine(answer):
            answer = await answer
        if answer:
            return
        await asyncio.sleep(0.5)
    pytest.fail(f"not within {patience} s; last: {answer!r}")


async def drop(platform: Platform) -> None:
    """Remove the tables of a test."""
    session = await connect(platform.settings)
    await session.execute(_statement(f"DROP KEYSPACE {platform.settings.keyspace}"))
    await session.close()


def _plain(row: Any) -> dict[str, Any]:
    return row.as_dict()


def _statement(cql: str) -> Any:
    return acsylla.create_statement(cql)
