"""One processor in this worker: its application, and a partition at work for each that the group assigns."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence

from faust.types import TP

from streams.context import Context
from streams.faust_app import ProcessorApp, processor_app
from streams.graph import targets
from streams.health import Health
from streams.owners import Owners
from streams.partition import Partition
from streams.processor import Fold, Tally, View
from streams.standby import Standby
from streams.state_partition import StatePartition
from streams.stores import Stores
from streams.tally_partition import TallyPartition
from streams.versions import Versions, member
from streams.view_partition import ViewPartition

ONE_BY_ONE = 1024 * 1024  # bytes fetched of a partition at a time
COLUMNAR = 4 * ONE_BY_ONE  # a tally's batches cost by the batch, and by the group in it
REMEMBERING = 2 * ONE_BY_ONE  # one that leaves out repeats looks up each key, whatever the batch, and holds them all
BUDGET = 8.0  # seconds that a batch in flight has when its partition is taken away


class Host:
    """Hosts a fold, a tally or a view; several workers that host the same share its partitions."""

    def __init__(
        self, processor: Fold | Tally | View, context: Context, stores: Stores, owners: Owners,
        fail: Callable[[BaseException], None],
    ) -> None:  # fmt: skip
        self.processor = processor
        self._context, self._stores, self._owners, self._fail = context, stores, owners, fail
        self._logical = {context.settings.named(event.topic): event.topic for event in processor.reads}
        self.topics: Sequence[str] = tuple(self._logical)
        self.joined = asyncio.Event()  # the group has said which partitions are ours, if only that none is
        self._loop = asyncio.get_running_loop()
        self._stopping = False
        self._partitions: dict[TP, Partition] = {}
        self.health: dict[TP, Health] = {}
        self._changing = asyncio.Lock()  # one rebalance or switch at a time
        copies = context.settings.standby and isinstance(processor, Fold | Tally) and not stores.versions.building
        self._standby = Standby(context) if copies else None
        group = stores.versions.processor(processor.name) if stores.versions.building else processor.name
        self.app: ProcessorApp = processor_app(context.settings, group, self, fetch=_fetched(processor))

    async def start(self) -> None:
        await self.app.start()

    async def stop(self) -> None:
        """Finish the batches in flight, commit the group's offsets, leave the group."""
        self._stopping = True
        await self.revoked(list(self._partitions))
        if self._standby is not None:
            await self._standby.stop()
        await self.app.stop()

    async def assigned(self, partitions: Iterable[TP]) -> None:
        try:
            async with self._changing:
                await self._begin([_plain(tp) for tp in partitions])
        except Exception as error:  # the group would take us for at work on them
            self._fail(error)
            raise
        self.joined.set()

    async def revoked(self, partitions: Iterable[TP]) -> None:
        async with self._changing:
            await self._end([_plain(tp) for tp in partitions])

    async def switch(self, stores: Stores) -> None:
        """Go on with other versions, each partition after its batch in flight; nothing to do where none is ours."""
        if self.serves(stores.versions):
            return
        async with self._changing:
            self._stores = stores
            await self._begin(list(self._partitions))

    def serves(self, versions: Versions) -> bool:
        """Whether what it works on is what serves in `versions`."""
        members = [member(self.processor.name), *map(member, targets(self.processor))]
        return all(versions.serving.get(name) == self._stores.versions.serving.get(name) for name in members)

    async def _begin(self, partitions: Sequence[TP]) -> None:
        await self._end(partitions)  # none is at work already, unless the group has lost its thread
        if self._standby is not None:
            await self._stand_by(self._standby, partitions)
        if self._stopping:
            return  # another worker left in the same moment
        for tp in partitions:
            self._partitions[tp] = self._partition(tp)
            self._partitions[tp].start()

    async def _end(self, partitions: Sequence[TP]) -> None:
        mine = [self._partitions.pop(tp) for tp in partitions if tp in self._partitions]
        await asyncio.gather(*(partition.close(BUDGET) for partition in mine))
        for tp in partitions:
            self.health.pop(tp, None)

    async def _stand_by(self, standby: Standby, partitions: Sequence[TP]) -> None:
        """Copy the state of the partitions that are not ours; copies of ours are let go of first."""
        [topic] = self._logical.values()
        mine = {tp.partition for tp in (*partitions, *self._partitions)}
        others = set(range(self._context.topics[topic].partitions)) - mine
        await standby.follow(self._stores.versions.processor(self.processor.name), others)

    def failed(self, reason: BaseException) -> None:
        if not self._stopping:  # what has been applied is committed; the group may go as it likes
            self._loop.call_soon_threadsafe(self._fail, reason)

    def _partition(self, tp: TP) -> Partition:
        topic, group = self._logical[tp.topic], self.app.group
        health = self.health[tp] = Health(self.processor.name, topic, tp.partition)
        if isinstance(self.processor, Tally):
            return TallyPartition(self.processor, tp, group, self._context, self._stores, health, self._fail)
        if isinstance(self.processor, Fold):
            return StatePartition(self.processor, tp, group, self._context, self._stores, health, self._fail)
        return ViewPartition(
            self.processor, topic, tp, group, self._context, self._stores, self._owners, health, self._fail
        )


def _fetched(processor: Fold | Tally | View) -> int:
    """How many bytes are fetched of a partition at a time."""
    if isinstance(processor, Tally):
        return COLUMNAR if processor.once_by is None else REMEMBERING
    return ONE_BY_ONE


def _plain(tp: TP) -> TP:
    return TP(tp.topic, tp.partition)
