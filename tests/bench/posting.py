"""Posting in figures: single events as a gateway writes them, each confirmed by the log before its caller goes on.

`make bench-posting` takes about a minute. Callers come at a steady rate, whether or not earlier ones have been served;
each posts one event and waits for its confirmation. Its last line is JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import time

import uvloop

from streams.log import Log
from streams.settings import Settings
from tests.bench.ground import declared, servers
from tests.bench.measurements import measured, platform
from tests.bench.percentiles import percentile
from tests.bench.processor_time import Watch

RATE, SECONDS, WARM_UP, RUNS = 2000, 10, 3, 3


def main() -> None:
    with servers() as settings:
        runs = uvloop.run(measure(settings))
    medians = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    print(f"{os.cpu_count()} cores, {RATE:,} callers a second for {SECONDS} s, medians of {RUNS}")
    print(f"{'confirmed/s':>12}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'µs/event':>10}")
    m = medians
    print(f"{m['per_second']:>12,.0f}{m['p50_ms']:>9.1f}{m['p95_ms']:>9.1f}{m['p99_ms']:>9.1f}{m['us']:>10.0f}")
    print(json.dumps({name: round(value, 1) for name, value in medians.items()}))


async def measure(settings: Settings) -> list[dict[str, float]]:
    made = platform(settings)
    async with declared(made), Log(made.settings, made.catalogue, await made.codec()) as log:
        await posted(log, WARM_UP)
        return [await posted(log, SECONDS) for _ in range(RUNS)]


async def posted(log: Log, seconds: int) -> dict[str, float]:
    """Milliseconds from the moment a caller was due to its confirmation, and what the process used."""
    watch, due, waited = Watch(), time.perf_counter(), list[float]()
    watch.start(0)
    async with asyncio.TaskGroup() as callers:
        for number in range(RATE * seconds):
            due += 1 / RATE
            if (early := due - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            callers.create_task(call(log, number, due, waited))
    watch.stop(len(waited))
    return {
        "per_second": watch.figures["per_second"], "us": watch.figures["us"],
        **{f"p{p}_ms": percentile(waited, p) for p in (50, 95, 99)},
    }  # fmt: skip


async def call(log: Log, number: int, due: float, waited: list[float]) -> None:
    await log.post(measured(number, 0))
    waited.append((time.perf_counter() - due) * 1000)


if __name__ == "__main__":
    main()
