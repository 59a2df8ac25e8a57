"""Memory in figures: what a worker holds while millions of events go through it and a million keys gather in its state.

`make bench-memory` takes about ten minutes; `python -m tests.bench.memory EVENTS` measures other numbers. A tally that
counts each measurement once keeps of every series what it has seen. One run, as it is its hundreds of looks at the
memory that are compared, the last quarter's with the second's. Its last line is JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys

import psutil

from streams.platform import Platform
from streams.settings import Settings
from streams.stored import stored_rows
from tests.bench.ground import ROOT, declared, servers
from tests.bench.measurements import BY_PLACE, count_by_place, platform, pour

EVENTS, SERIES = 10_000_000, 1_000_000
EVERY = 0.5  # seconds between two looks at the worker's memory


def main(events: int) -> None:
    with servers() as settings:
        held = asyncio.run(measure(settings, events))
    quarter = len(held) // 4
    figures = {
        "events": events, "keys": min(events, SERIES), "peak_mb": max(held),
        "second_quarter_mb": max(held[quarter : 2 * quarter]), "last_quarter_mb": max(held[-quarter:]), "exact": True,
    }  # fmt: skip
    print(
        f"{os.cpu_count()} cores, {events:,} events of {SERIES:,} keys; resident memory every tenth of the time, in MB:"
    )
    print(*held[:: max(1, len(held) // 10)])
    print(json.dumps(figures))


async def measure(settings: Settings, events: int) -> list[int]:
    """The worker's resident megabytes from look to look; what it has counted is what was poured."""
    made = platform(settings)
    async with declared(made):
        await asyncio.to_thread(pour, settings, await made.codec(), events, SERIES)
        held = await watched(made, events)
        counted = {row.key[0]: 0 for row in [row async for row in stored_rows(settings, BY_PLACE)]}
        async for row in stored_rows(settings, BY_PLACE):
            counted[row.key[0]] += row.cells["measurements"]
        assert counted == {f"place {n}": len(range(n, events, 97)) for n in range(97)}, "the tally is not exact"
    return held


async def watched(made: Platform, events: int) -> list[int]:
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.measurements", count_by_place.name, str(events),
        env={**os.environ, **made.settings.environment()}, cwd=ROOT, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    process, held = psutil.Process(worker.pid), list[int]()
    ended = asyncio.create_task(worker.wait())
    while not ended.done():
        held.append(process.memory_info().rss >> 20)
        await asyncio.wait([ended], timeout=EVERY)
    assert ended.result() == 0
    return held


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else EVENTS)
