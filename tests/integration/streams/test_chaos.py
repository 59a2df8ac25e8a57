"""Nothing is lost, doubled or out of order: workers die at every step of a commit, and the servers beneath them too."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from deploy.local.kafka import KAFKA
from streams.platform import Platform
from streams.settings import Settings
from tests.cable import Cable, cable
from tests.chaos.crew import Crew, Fate
from tests.chaos.faults import POINTS, Fault
from tests.chaos.havoc import declared, havoc
from tests.chaos.ledger import PROCESSORS
from tests.own_servers import OwnServers, own_servers
from tests.sample_workers import drop, eventually

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
OUTAGE = 5.0  # seconds


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[OwnServers]:
    async with own_servers(tmp_path / "servers", KAFKA) as own:
        yield own


@pytest.fixture
async def ways(settings: Settings) -> AsyncIterator[dict[str, Cable]]:
    """Ways to the servers that others use, too; `make chaos` has its own ones, and kills them."""
    async with cable(settings.cassandra) as cassandra, cable(urlsplit(settings.registry).netloc) as registry:
        yield {"cassandra": cassandra, "registry": registry}


@pytest.fixture
async def ledger(settings: Settings, broker: OwnServers, ways: dict[str, Cable]) -> AsyncIterator[Platform]:
    near = replace(
        settings,
        kafka=broker.local.address("kafka"),
        cassandra=f"127.0.0.1:{ways['cassandra'].port}",
        registry=urlsplit(settings.registry)._replace(netloc=f"127.0.0.1:{ways['registry'].port}").geturl(),
    )
    made = await declared(near)
    yield made
    await drop(made)


async def outage(way: Cable) -> None:
    await way.cut()
    await asyncio.sleep(OUTAGE)
    await way.mend()


async def test_the_books_are_right_whatever_fails(
    ledger: Platform, broker: OwnServers, ways: dict[str, Cable], tmp_path: Path
) -> None:
    hosted = [processor.name for processor in PROCESSORS]
    crew = Crew(ledger.settings, tmp_path / "crew", hosted, iter(FATES), iter(()))

    async def outages() -> None:
        await eventually(lambda: crew.kills)
        await asyncio.gather(broker.outage("kafka", signal.SIGTERM), *map(outage, ways.values()))

    count, verdicts = await havoc(ledger, [crew], lambda: crew.struck == STRUCK, outages)
    wrong = [f"{name}: {verdict}" for name, verdict in verdicts.items() if verdict]
    assert not wrong, "\n".join(wrong)
    assert count > 0
    assert crew.kills >= len(POINTS) + 2
    assert not crew.quitters
