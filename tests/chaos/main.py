"""Kill workers and servers by the hundred while a ledger is kept, then audit it: `make chaos N=1000`.

Takes about three minutes a hundred kills on two busy cores, with servers of its own. Its last line is JSON, and the
exit code 1 where anything is lost, doubled or out of order.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from deploy.local.cassandra import CASSANDRA
from deploy.local.kafka import KAFKA
from deploy.local.registry import REGISTRY
from tests.chaos.crew import Crew, Fate
from tests.chaos.faults import POINTS, Fault
from tests.chaos.havoc import declared, havoc
from tests.chaos.ledger import PROCESSORS, show_forwards
from tests.chaos.verdict import Verdict
from tests.own_servers import OwnServers, own_servers

KILLS = 100
HOSTED = [processor.name for processor in PROCESSORS]  # a crew each: who waits for one's dead holds up no other
OUTAGE_EVERY = 40.0  # seconds
SAY_EVERY = 10.0
PATIENCE, SECONDS_A_KILL = 120, 4  # after which the run ends with the kills that there were
SERVERS = {"kafka": signal.SIGTERM, "cassandra": signal.SIGTERM, "registry": signal.SIGKILL}


def main() -> None:
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # it complains of brokers that are down on purpose
    wanted = int(sys.argv[1]) if sys.argv[1:] else KILLS
    folder = Path(tempfile.mkdtemp(prefix="chaos-"))
    kills, events, verdicts = asyncio.run(run(wanted, folder))
    for name, verdict in verdicts.items():
        print(f"{name}: {verdict if verdict else 'as it must be'}")
    in_all = sum(verdicts.values(), Verdict())
    if in_all:
        print(f"what the workers and servers had to say is in {folder}")
    else:
        shutil.rmtree(folder)
    tally = {"lost": in_all.lost, "doubled": in_all.doubled, "out_of_order": in_all.out_of_order}
    print(json.dumps({"kills": kills, "events": events, **tally}))
    sys.exit(bool(in_all))


async def run(wanted: int, folder: Path) -> tuple[int, int, dict[str, Verdict]]:
    """Keep a ledger until as many workers as wanted have been killed; kills, deposits and verdicts."""
    async with own_servers(folder / "servers", CASSANDRA, KAFKA, REGISTRY) as servers:
        settings = replace(servers.local.settings(), home=str(folder / "home"))
        ledger = await declared(settings)
        crews = [Crew(settings, folder / name, [name], fates(name), signals()) for name in HOSTED]
        end = time.monotonic() + PATIENCE + wanted * SECONDS_A_KILL

        def kills() -> int:
            return sum(crew.kills for crew in crews)

        def enough() -> bool:
            return kills() >= wanted or time.monotonic() > end

        progress = asyncio.create_task(say(kills))
        count, verdicts = await havoc(ledger, crews, enough, lambda: outages(servers, enough))
        progress.cancel()
        for log in (log for crew in crews for log in crew.quitters):
            print(f"a worker ended in an error of its own: {log.read_text().splitlines()[-1]}")
        return kills(), count, verdicts


def fates(processor: str) -> Iterator[Fate]:
    """At random, most of them at a step of a commit; a view has few."""
    points = ["rows written", "hinted"] if processor == show_forwards.name else list(POINTS)
    for other in signals():
        struck_by = signal.SIGSTOP if random.random() < 0.15 else signal.SIGKILL
        fault = Fault(random.choice(points), random.choice([0.1, 0.5, 1.0]), struck_by)
        yield fault if random.random() < 0.75 else other


def signals() -> Iterator[signal.Signals | None]:
    """At random, for workers at work."""
    while True:
        yield random.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP, None])


async def outages(servers: OwnServers, enough: Callable[[], bool]) -> None:
    """One server after the other, with pauses."""
    while not enough():
        await asyncio.sleep(OUTAGE_EVERY)
        name = random.choice(list(SERVERS))
        await servers.outage(name, SERVERS[name])


async def say(kills: Callable[[], int]) -> None:
    """How far it is."""
    started = time.monotonic()
    while True:
        await asyncio.sleep(SAY_EVERY)
        print(f"  {time.monotonic() - started:5.0f} s  {kills()} kills", flush=True)


if __name__ == "__main__":
    main()
