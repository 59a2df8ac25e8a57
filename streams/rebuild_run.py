"""A rebuild at work: it hosts the next version of its processors, as a worker hosts the one that serves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.committed_offsets import committed
from streams.context import Context
from streams.health import Health
from streams.hosting import Host
from streams.opening import opened, opened_stores
from streams.owners import Owners
from streams.platform import Platform
from streams.rebuild_unit import Unit
from streams.stores import Stores
from streams.versions import Versions

CLOSE = 3.0  # who comes in so many seconds to what was the end of the log has caught up
EVERY = 2.0  # seconds between two words about progress

Tell = Callable[[str], object]
Place = tuple[str, str, int]  # processor, topic, partition


class Building:
    """Hosts of the next version. They send nothing; their writes go beside what serves."""

    def __init__(self, unit: Unit, context: Context, versions: Versions) -> None:
        self.unit, self.context, self.versions = unit, context, versions
        self._hosts: list[Host] = []
        self._began = time.monotonic()
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def fail(self, error: BaseException) -> None:
        if not self.failed.done():
            self.failed.set_exception(error)

    async def start(self, stores: Stores) -> None:
        owners = Owners()
        self._hosts = [Host(one, self.context, stores, owners, self.fail) for one in self.unit.processors]
        await asyncio.gather(*(host.start() for host in self._hosts))

    @property
    def health(self) -> Mapping[Place, Health]:
        return {(h.processor, h.topic, h.partition): h for host in self._hosts for h in host.health.values()}

    async def catch_up(self, tell: Tell) -> None:
        """Return when the end of the log is seconds away; raises what ended the work of a partition."""
        while True:
            began = time.monotonic()
            goals = await self._goals()
            await self._reach(goals, tell)
            if time.monotonic() - began < CLOSE:
                return

    def done(self) -> str:
        """How much that was."""
        records, seconds = sum(one.events for one in self.health.values()), time.monotonic() - self._began
        return f"caught up: {records:,} records in {seconds:.1f} s, {records / seconds:,.0f}/s"

    async def stop(self) -> Mapping[Place, int]:
        """Finish the batches in flight; the next offset of each partition, with which this version begins to serve."""
        last = self.health
        await asyncio.gather(*(host.stop() for host in self._hosts))
        return {place: health.position for place, health in last.items()}

    async def _goals(self) -> Mapping[Place, int]:
        """Of views the ends of the logs; of folds and tallies how far the serving version has come."""
        states = {one.name: await committed(self.context.settings, one.name) for one in self.unit.states}
        ends = await self._ends()
        return {
            (one.name, *place): states[one.name].get(place, 0) if one.name in states else end
            for one in self.unit.processors
            for place, end in ends.items()
            if place[0] in {event.topic for event in one.reads}
        }

    async def _ends(self) -> Mapping[tuple[str, int], int]:
        settings, topics = self.context.settings, {e.topic for one in self.unit.processors for e in one.reads}
        consumer: Any = AIOKafkaConsumer(bootstrap_servers=settings.kafka, isolation_level="read_committed")
        await consumer.start()
        try:
            counts = {topic: self.context.topics[topic].partitions for topic in topics}
            places = [TopicPartition(settings.named(t), number) for t, n in counts.items() for number in range(n)]
            found = await consumer.end_offsets(places)
        finally:
            await consumer.stop()
        return {(settings.bare(tp.topic), tp.partition): end for tp, end in found.items()}

    async def _reach(self, goals: Mapping[Place, int], tell: Tell) -> None:
        told = time.monotonic()
        while True:
            if self.failed.done():
                self.failed.result()
            if self._reached(goals):
                return
            if time.monotonic() > told + EVERY:
                told = time.monotonic()
                tell(self._progress(goals))
            await asyncio.sleep(0.2)

    def _reached(self, goals: Mapping[Place, int]) -> bool:
        """A fold that waits for the serving version, with a batch that goes further than that has come, is there."""
        health = self.health
        return all(
            place in health and (health[place].position >= goal or health[place].phase == "waiting")
            for place, goal in goals.items()
        )

    def _progress(self, goals: Mapping[Place, int]) -> str:
        health = self.health
        done = sum(min(health[place].position, goal) for place, goal in goals.items() if place in health)
        rate = sum(one.events for one in health.values()) / (time.monotonic() - self._began)
        total = sum(goals.values())
        rest = f"about {(total - done) / rate:.0f} s to go" if rate else "no estimate yet"
        held = {
            f"; {one.processor} {one.topic}/{one.partition} is held: {one.reason}"
            for one in health.values()
            if one.phase == "held"
        }
        return f"{100 * done // max(total, 1)} %: {done:,} of {total:,} records, {rate:,.0f}/s, {rest}{''.join(held)}"


@asynccontextmanager
async def building(platform: Platform, unit: Unit, versions: Versions) -> AsyncGenerator[Building]:
    """Host the versions until the block ends. Raises what a worker raises at its start."""
    async with (
        opened(platform, unit.processors, versions) as context,
        opened_stores(platform.settings, unit.processors, versions) as stores,
    ):
        made = Building(unit, context, versions)
        try:
            await made.start(stores)
            yield made
        finally:
            await made.stop()
