"""Every service but the main job in figures: how soon answers follow events under load, and that none of them is wrong.

`make bench-services` starts servers of its own and takes a few minutes. Its last line is JSON. The load is one that two
cores carry, servers and viewers together: beyond it the log fills faster than the views follow, and what is measured is
how long the queue is (ten visits a second: 8 to 14 s at p95, medians as before, and nothing wrong).
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

import psutil
from rich.console import Console

from deploy.local.configuration import Local
from gateway.simulate import report
from gateway.simulate.compare import Compared, wrong
from gateway.simulate.simulation import Simulation, Wanted
from gateway.simulate.stored import Stored
from gateway.simulate.wire import Wire
from tests.own_stack import own_environment, playlog_up

WARM_UP = Wanted(viewers=20, rate=4, seconds=10, speed=60, publish=5, probes=2)
LOAD = Wanted(viewers=250, rate=3, seconds=90, speed=20, publish=20, probes=20, check=True)


def main() -> None:
    console = Console(width=120)
    with tempfile.TemporaryDirectory() as folder, playlog_up(own_environment(Path(folder) / "home")) as local:
        asyncio.run(simulated(local, WARM_UP))
        simulation, found = asyncio.run(simulated(local, LOAD))
        report.done(console, simulation.confirmed, simulation.wire)
    report.compared(console, found)
    report.freshness(console, simulation.measured)
    figures = {
        "viewers": len(simulation.confirmed.guests),
        "events": simulation.confirmed.events,
        "wrong": len(wrong(found)) + len(simulation.confirmed.refused) + simulation.confirmed.unknown,
        **{f"{name}_p95_ms": simulation.measured.percentile(name, 95) for name in ("analytics", "search", "next")},
    }
    print(f"{os.cpu_count()} cores, {psutil.virtual_memory().total >> 30} GiB, {LOAD.rate:g} visits a second")
    print(json.dumps(figures))
    sys.exit(bool(figures["wrong"] or simulation.measured.late))


async def simulated(local: Local, wanted: Wanted) -> tuple[Simulation, list[Compared]]:
    """A simulation that has ended, and what was compared."""
    async with AsyncExitStack() as stack:
        wire = await stack.enter_async_context(Wire(local.page))
        stored = await stack.enter_async_context(Stored.of(local.settings()))
        simulation = Simulation(wire, wanted, stored)
        return simulation, await simulation.whole()


if __name__ == "__main__":
    main()
