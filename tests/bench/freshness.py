"""Freshness in figures: from an event's production to the moment at which it can be read in its Cassandra view.

`make bench-freshness` takes about two minutes. Events are posted at a steady rate and shown by a worker of its own; of
some of them the row is asked for until it is there. Its last line is JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time

import uvloop

from streams.log import Log
from streams.rows import Rows
from streams.settings import Settings
from tests.bench.ground import ROOT, declared, servers
from tests.bench.measurements import EACH, measured, platform, show_each
from tests.bench.percentiles import percentile

RATE, SECONDS, WARM_UP, RUNS = 1000, 15, 5, 3
SAMPLE = 40  # one event of so many is looked for
PAUSE = 0.002  # seconds between two looks


def main() -> None:
    with servers() as settings:
        runs, worker = uvloop.run(measure(settings))
    figures = {f"p{p}_ms": round(statistics.median(percentile(run, p) for run in runs), 1) for p in (50, 95, 99)}
    figures["worker_us"] = round(worker["us"])  # of processor time by event
    looked = f"{len(runs[0]):,} looked for, medians of {RUNS}"
    print(f"{os.cpu_count()} cores, {RATE:,} events a second for {SECONDS} s, {looked}")
    print(" ".join(f"{name:>9}" for name in figures))
    print(" ".join(f"{value:>9}" for value in figures.values()))
    print(json.dumps(figures))


async def measure(settings: Settings) -> tuple[list[list[float]], dict[str, float]]:
    """Milliseconds by event looked for, run by run, and the worker's figures; it has shown every event in the end."""
    made = platform(settings)
    async with declared(made), Log(settings, made.catalogue, await made.codec()) as log, Rows(settings) as rows:
        worker = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bench.measurements", show_each.name, str(RATE * (WARM_UP + RUNS * SECONDS)),
            env={**os.environ, **settings.environment()}, cwd=ROOT, stdout=subprocess.PIPE,
        )  # fmt: skip
        await seen(log, rows, 0)  # the worker is at work
        await post(log, rows, range(1, RATE * WARM_UP))
        begins = [RATE * (WARM_UP + run * SECONDS) for run in range(RUNS)]
        runs = [await post(log, rows, range(begin, begin + RATE * SECONDS)) for begin in begins]
        told, _ = await asyncio.wait_for(worker.communicate(), 60)
    return runs, json.loads(told.splitlines()[-1])


async def post(log: Log, rows: Rows, numbers: range) -> list[float]:
    due, looked_for = time.perf_counter(), list[asyncio.Task[float]]()
    async with asyncio.TaskGroup() as posts:
        for number in numbers:
            due += 1 / RATE
            if (early := due - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            if number % SAMPLE:
                posts.create_task(log.post(measured(number, 0)))
            else:
                looked_for.append(posts.create_task(seen(log, rows, number)))
    return [task.result() for task in looked_for]


async def seen(log: Log, rows: Rows, number: int) -> float:
    """Post an event and look for its row; the milliseconds between."""
    event, begun = measured(number, 0), time.perf_counter()
    await log.post(event)
    while True:
        if await rows.get(EACH, series=event.series, number=event.number) is not None:
            return (time.perf_counter() - begun) * 1000
        await asyncio.sleep(PAUSE)


if __name__ == "__main__":
    main()
