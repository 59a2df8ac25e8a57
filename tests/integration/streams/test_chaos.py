"""Nothing is lost, doubled or out of order: workers die at every step of a commit, and the servers beneath them too."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.local.cassandra import CASSANDRA
from deploy.local.kafka import KAFKA
from deploy.local.registry import REGISTRY
from tests.chaos.crew import Crew, Fate
from tests.chaos.faults import POINTS, Fault
from tests.chaos.havoc import declared, havoc
from tests.chaos.ledger import PROCESSORS
from tests.own_servers import OwnServers, own_servers
from tests.sample_workers import eventually

FATES: list[Fate] = [
    *(Fault(point) for point in POINTS),
    Fault("emitted", signal=signal.SIGSTOP),
    signal.SIGKILL,
    signal.SIGTERM,
    signal.SIGSTOP,
    signal.SIGKILL,
    Fault("committed", signal=signal.SIGSTOP),
    signal.SIGKILL,
]
STRUCK = {f"{fate.point} {fate.signal.name}" for fate in FATES if isinstance(fate, Fault)}
OUTAGES = (("registry", signal.SIGKILL), ("cassandra", signal.SIGTERM), ("kafka", signal.SIGTERM))


@pytest.fixture
async def servers_to_stop(tmp_path: Path) -> AsyncIterator[OwnServers]:
    async with own_servers(tmp_path / "servers", CASSANDRA, KAFKA, REGISTRY) as own:
        yield own


async def test_the_books_are_right_whatever_fails(servers_to_stop: OwnServers, tmp_path: Path) -> None:
    settings = replace(servers_to_stop.local.settings(), home=str(tmp_path / "home"))
    ledger = await declared(settings)
    crew = Crew(settings, tmp_path / "crew", [processor.name for processor in PROCESSORS], iter(FATES), iter(()))

    def struck() -> bool:
        return crew.struck == STRUCK

    async def outages() -> None:
        await eventually(struck, patience=200)
        await asyncio.gather(*(servers_to_stop.outage(*one) for one in OUTAGES))

    count, verdicts = await havoc(ledger, [crew], struck, outages)
    assert not {name: verdict for name, verdict in verdicts.items() if verdict}
    assert count > 0
    assert crew.kills >= len(POINTS) + 2
    assert not crew.quitters
