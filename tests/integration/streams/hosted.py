"""A processor at work in the test's own process, on the real broker, its stores in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Self

from streams.hosting import Host
from streams.opening import opened
from streams.owners import Owners
from streams.platform import Platform
from streams.processor import Fold, Tally, View
from streams.sinks import Placed, SinkDown, SinkRefused
from streams.stores import Stores
from streams.topology import rows
from tests.sample import TOTALS


class MemoryStores:
    """A sink and positions in memory. While `down` nothing is confirmed; a total of 13 is refused for good."""

    def __init__(self) -> None:
        self.down = False
        self.placed: list[Placed] = []
        self.published: dict[int, int] = {}

    async def open(self) -> None: ...

    async def at(self, versions: object) -> Self:
        return self

    async def close(self) -> None: ...

    async def write(self, writes: Sequence[Placed]) -> None:
        if self.down:
            self.placed += writes[:1]  # part of it may have arrived
            raise SinkDown("no answer")
        if any(placed.write.cells.get("total") == 13 for placed in writes):
            raise SinkRefused("13 brings bad luck")
        self.placed += writes

    async def applied(self, view: str, topic: str) -> dict[int, int]:
        return dict(self.published)

    async def publish(self, view: str, topic: str, partition: int, offset: int) -> None:
        self.published[partition] = offset

    def totals(self) -> dict[str, int]:
        return {row["account"]: row["total"] for row in rows(self.placed, TOTALS).values()}


@asynccontextmanager
async def hosted(platform: Platform, processor: Fold | Tally | View, stores: MemoryStores) -> AsyncIterator[Host]:
    """The processor's host; whatever ends a partition's work is raised in the test's loop."""

    def fail(error: BaseException) -> None:
        raise error

    async with opened(platform, [processor]) as context:
        host = Host(processor, context, Stores(stores, stores, stores), Owners(), fail)
        await host.start()
        try:
            yield host
        finally:
            await host.stop()
