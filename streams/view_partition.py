"""A view on one partition: writes confirmed, then its position published, then the group's offset."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from faust.types import TP

from streams.context import Context
from streams.group import Group
from streams.health import Health
from streams.letters import Place
from streams.one_by_one import one_by_one
from streams.owners import Owners
from streams.partition import Partition
from streams.processor import View
from streams.record import Record
from streams.rehearsal import rehearsed
from streams.sinks import SinkRefused
from streams.stores import Stores
from streams.viewing import ViewCore


class ViewPartition(Partition):
    """Resumes from the published position. Writes may be repeated: they are identical, and ordered by position."""

    def __init__(
        self, view: View, topic: str, tp: TP, group: Group, context: Context, stores: Stores, owners: Owners,
        health: Health, fail: Callable[[BaseException], None],
    ) -> None:  # fmt: skip
        super().__init__(tp, group, health, fail)
        self._name = stores.versions.processor(view.name)
        self._topic = topic
        self._context = context
        self._stores = stores
        self._core = ViewCore(view, Place(view.name, context.version, topic, tp.partition), context.codec, owners)
        self._failures = 0

    async def _open(self) -> int:
        applied = await self._stores.positions.applied(self._name, self._topic)
        return applied.get(self._tp.partition, -1) + 1

    async def _apply(self, records: Sequence[Record]) -> int:
        await self._context.learn(records)
        batch = self._core.step(records, self._failures)
        try:
            await self._stores.write(batch.writes)
        except SinkRefused:
            batch = await one_by_one(self._core, records, self._failures, self._stores.write)
        await self._context.send(rehearsed(self._stores.versions, self._core.place.processor, batch.letters))
        await self._stores.positions.publish(self._name, self._topic, self._tp.partition, records[-1].offset)
        self._failures = batch.failures
        return batch.dead

    async def _idle(self) -> None:
        """A view has no timers."""

    async def _release(self) -> None:
        """Stores and producer belong to the worker."""
