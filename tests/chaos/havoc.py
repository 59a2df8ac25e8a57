"""A ledger kept while workers, brokers and stores fail, and audited afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from streams.admin import Topics
from streams.keyspace import migrate
from streams.log import Log
from streams.platform import Platform
from streams.registry import Registry
from streams.settings import Settings
from tests.chaos.audit import settled
from tests.chaos.crew import Crew
from tests.chaos.ledger import TABLES, platform
from tests.chaos.teller import Teller
from tests.chaos.verdict import Verdict


async def declared(settings: Settings) -> Platform:
    """The ledger's platform, its topics, schemas and tables made."""
    made, topics = platform(settings), Topics(settings)
    await topics.apply(await topics.plan(made.catalogue, made.processors))
    async with Registry(settings) as registry:
        await registry.register(made.catalogue)
    await migrate(replace(settings, replication=1), TABLES)  # there is one Cassandra, however many brokers
    return made


@asynccontextmanager
async def telling(ledger: Platform) -> AsyncGenerator[Teller]:
    """A teller at work until the end of the block."""
    codec = await ledger.codec()
    async with Log(ledger.settings, ledger.catalogue, codec) as log, Teller(log) as teller:
        yield teller


async def havoc(
    ledger: Platform,
    crews: Sequence[Crew],
    enough: Callable[[], bool],
    outages: Callable[[], Coroutine[Any, Any, None]],
) -> tuple[int, dict[str, Verdict]]:
    """Crews at work until it is enough and the outages are over; how many deposits there were, and the verdicts."""
    try:
        async with telling(ledger) as teller:
            over = asyncio.create_task(outages())
            await asyncio.gather(*(crew.work(lambda: enough() and over.done()) for crew in crews))
            await over
        return teller.count, await settled(ledger, teller.count)
    finally:
        for crew in crews:
            crew.end()
