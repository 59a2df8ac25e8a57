"""The engine in figures: a tally with everything exactness needs, against a loop written by hand that forgets all.

`make bench-engine` takes about five minutes and wants the machine for itself. A million playback beacons in four
partitions; both processes have one core to themselves and count by video, in turn. The tally also leaves out what was
sent twice, keeps its state in a store and a changelog, commits a transaction a batch and writes its rows to Cassandra.
Its last line is JSON.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from deploy.assembly import platform
from streams.admin import Topics
from streams.keyspace import migrate
from streams.platform import Platform
from streams.positions import VIEW_POSITIONS
from streams.registry import Registry
from streams.settings import Settings
from streams.stored import stored_rows
from streams.tables import Table
from tests.bench.beacons import Truth, pour
from tests.bench.engine_tally import beacons_by_video
from tests.own_stack import own_environment, playlog_up

RUNS = 3
CORE = max(os.sched_getaffinity(0))


def main() -> None:
    with servers() as settings:
        made = platform(replace(settings, namespace=f"b{uuid.uuid4().hex[:6]}"))
        tallies = [beacons_by_video(number) for number in range(RUNS)]
        asyncio.run(declare(made, tallies))
        truth = pour(made.settings, asyncio.run(made.codec()))
        loops: list[dict[str, Any]] = []
        engines: list[dict[str, Any]] = []
        for number, tally in enumerate(tallies):
            loops.append(measured("engine_loop", made.settings, number, truth))
            engines.append(measured("engine_tally", made.settings, number, truth))
            assert Counter(loops[-1].pop("beacons")) == truth.sent
            assert asyncio.run(shown(made, tally.into)) == truth.once, "the tally is not exact"
    show({"loop by hand, no state kept": loops, "tally, exact": engines}, truth)


@contextlib.contextmanager
def servers() -> Iterator[Settings]:
    """Servers of its own; `PLAYLOG_TEST_SERVERS=dev` takes those of a running `playlog up`."""
    with tempfile.TemporaryDirectory() as folder:
        if os.environ.get("PLAYLOG_TEST_SERVERS") == "dev":
            yield replace(Settings.from_environment(), home=folder)
            return
        with playlog_up(own_environment(Path(folder)), "--servers") as local:
            yield replace(local.settings(), home=folder)


async def declare(made: Platform, tallies: list[Any]) -> None:
    topics = Topics(made.settings)
    catalogue = replace(made.catalogue, topics={"playback": made.catalogue.topics["playback"]})
    await topics.apply(await topics.plan(catalogue, tallies))
    async with Registry(made.settings) as registry:
        await registry.register(made.catalogue)
    await migrate(made.settings, [*(tally.into for tally in tallies), VIEW_POSITIONS])


def measured(module: str, settings: Settings, number: int, truth: Truth) -> dict[str, Any]:
    """Run one of the two on a core of its own; what it says of itself."""
    command = [sys.executable, "-m", f"tests.bench.{module}", str(number), str(truth.events)]
    environment = {**os.environ, **settings.environment()}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, preexec_fn=pin)
    return json.loads(done.stdout.splitlines()[-1])


def pin() -> None:
    os.sched_setaffinity(0, {CORE})


async def shown(made: Platform, table: Table) -> Counter[str]:
    """Beacons by video as the rows have them."""
    beacons: Counter[str] = Counter()
    async for row in stored_rows(made.settings, table):
        beacons[row.key[0]] += row.cells["beacons"]
        assert row.cells["watched_ms"] == 10_000 * row.cells["beacons"]
    return beacons


def show(figures: dict[str, list[dict[str, Any]]], truth: Truth) -> None:
    print(f"{truth.events:,} beacons, {truth.once.total():,} of them new, medians of {RUNS} runs in turn on one core")
    print(f"{'':30}{'events/s':>12}{'per core':>12}{'µs/event':>10}{'MB':>7}")
    medians = {name: {k: statistics.median(run[k] for run in runs) for k in runs[0]} for name, runs in figures.items()}
    for name, m in medians.items():
        rates = f"{m['per_second']:>12,.0f}{m['per_core_second']:>12,.0f}"
        print(f"{name:30}{rates}{m['us']:>10.2f}{m['megabytes']:>7.0f}")
    loop, tally = medians.values()
    print(json.dumps({
        "events": truth.events, "wrong": 0,
        "tally_per_core_s": round(tally["per_core_second"]), "loop_per_core_s": round(loop["per_core_second"]),
        "ratio_cpu": round(tally["per_core_second"] / loop["per_core_second"], 2),
        "ratio_wall": round(tally["per_second"] / loop["per_second"], 2),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
