"""Starts in figures: from a worker's start to its first event shown, and from a kill -9 to who takes over.

`make bench-starting` takes about three minutes. The workers host a fold, a tally and a view of the tests' small
platform, each with two partitions. Its last line is JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from streams.event import natural_id
from streams.log import Log
from streams.platform import Platform
from streams.rows import Rows
from streams.settings import Settings
from tests import sample
from tests.bench.ground import declared, servers
from tests.sample_workers import Workers

RUNS = 3
PATIENCE = 60  # seconds; rather no figure than no end
ACCOUNTS = [f"account-{n}" for n in range(16)]  # some in either partition


def main() -> None:
    with servers() as settings:
        starts, takeovers = asyncio.run(measure(settings))
    print(f"{os.cpu_count()} cores, {len(sample.PROCESSORS)} processors of two partitions, {RUNS} runs")
    print(f"start to the first rows     {sorted(round(s, 2) for s in starts)} s")
    print(f"kill -9 to the next rows    {sorted(round(s, 2) for s in takeovers)} s")
    print(json.dumps({
        "start_s": round(statistics.median(starts), 2), "replaced_s": round(statistics.median(takeovers), 2),
        "replaced_worst_s": round(max(takeovers), 2),
    }))  # fmt: skip


async def measure(settings: Settings) -> tuple[list[float], list[float]]:
    starts, takeovers = list[float](), list[float]()
    made = sample.platform(settings)
    async with declared(made), Log(settings, made.catalogue, await made.codec()) as log, Rows(settings) as rows:
        for run in range(RUNS):
            async with workers(made) as at_work:
                starts.append(await started(log, rows, at_work, run))
                takeovers.append(await replaced(log, rows, at_work, run))
    return starts, takeovers


async def started(log: Log, rows: Rows, at_work: Workers, run: int) -> float:
    """Seconds from the process's start until what lay in every partition is shown, the interpreter's start included."""
    await deposit(log, f"start-{run}")
    begun = time.perf_counter()
    at_work.start("first")
    return await shown(rows, 2 * run + 1) - begun


async def replaced(log: Log, rows: Rows, at_work: Workers, run: int) -> float:
    """Seconds from the kill of one of two workers until what came after is shown of every partition."""
    at_work.start("second")
    await asyncio.sleep(10)  # both have their share
    at_work.send(0, signal.SIGKILL)
    begun = time.perf_counter()
    await deposit(log, f"kill-{run}")
    return await shown(rows, 2 * run + 2) - begun


async def deposit(log: Log, name: str) -> None:
    """One deposit in each account."""
    await log.post_all([sample.Deposited(event_id=natural_id(name, a), account=a, amount=1) for a in ACCOUNTS])


async def shown(rows: Rows, number: int) -> float:
    """When every account shows so many deposits, as the fold's view has them."""
    async with asyncio.timeout(PATIENCE):
        for account in ACCOUNTS:
            while True:
                row = await rows.get(sample.TOTALS, account=account)
                if row is not None and row["number"] >= number:
                    break
                await asyncio.sleep(0.02)
    return time.perf_counter()


@asynccontextmanager
async def workers(made: Platform) -> AsyncIterator[Workers]:
    with tempfile.TemporaryDirectory() as folder:
        at_work = Workers(made.settings, Path(folder))
        try:
            yield at_work
        finally:
            for number, process in enumerate(at_work.processes):
                if process.poll() is None:
                    await asyncio.to_thread(at_work.end, number)


if __name__ == "__main__":
    main()
