"""Views in figures: rows a second from the log into Cassandra, fetched, decoded, shown, confirmed, position published.

`make bench-views` takes about two minutes. One worker builds a view of rows of twelve columns from the log, once with
a partition of the table for each row, once with wide partitions; then the rows are counted. Its last line is JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
from dataclasses import replace

from streams.platform import Platform
from streams.settings import Settings
from streams.stored import stored_rows
from streams.tables import Table
from tests.bench.ground import ROOT, declared, servers
from tests.bench.measurements import SERIES, VIEWS, platform, pour

EVENTS, RUNS = 200_000, 3


def main() -> None:
    with servers() as settings:
        runs = [asyncio.run(measured(made)) for made in (platform(apart(settings, run)) for run in range(RUNS))]
    figures = {name: {k: statistics.median(run[name][k] for run in runs) for k in runs[0][name]} for name in VIEWS}
    print(f"{os.cpu_count()} cores, {EVENTS:,} rows of 12 columns, {SERIES} series, medians of {RUNS}")
    print(f"{'':12}{'rows/s':>12}{'per core':>12}{'µs/row':>11}{'MB':>7}")
    for name, m in figures.items():
        print(f"{name:12}{m['per_second']:>12,.0f}{m['per_core_second']:>12,.0f}{m['us']:>11.2f}{m['megabytes']:>7.0f}")
    each, wide = figures["show_each"], figures["show_wide"]
    print(json.dumps({
        "rows_per_s": round(each["per_second"]), "rows_cpu_us": round(each["us"], 1),
        "wide_rows_per_s": round(wide["per_second"]), "wide_rows_cpu_us": round(wide["us"], 1),
        "megabytes": round(max(each["megabytes"], wide["megabytes"])), "exact": True,
    }))  # fmt: skip


def apart(settings: Settings, run: int) -> Settings:
    return replace(settings, namespace=f"{settings.namespace}{run}")


async def measured(made: Platform) -> dict[str, dict[str, float]]:
    """What each view takes; each shows every row in the end."""
    figures: dict[str, dict[str, float]] = {}
    async with declared(made):
        await asyncio.to_thread(pour, made.settings, await made.codec(), EVENTS)
        for name, view in VIEWS.items():
            figures[name] = await asyncio.to_thread(worker, made, name)
            [table] = [target for target in view.into if isinstance(target, Table)]
            assert await rows(made, table) == EVENTS, f"{table.name} lacks rows"
    return figures


def worker(made: Platform, name: str) -> dict[str, float]:
    """A worker's own word on what building a view took."""
    command = [sys.executable, "-m", "tests.bench.measurements", name, str(EVENTS)]
    environment = {**os.environ, **made.settings.environment()}
    done = subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout.splitlines()[-1])


async def rows(made: Platform, table: Table) -> int:
    count = 0
    async for _ in stored_rows(made.settings, table):
        count += 1
    return count


if __name__ == "__main__":
    main()
