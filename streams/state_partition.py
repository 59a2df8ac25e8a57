"""A processor with state on one partition: fence, recover, then one transaction a batch."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from faust.types import TP

from streams.changelog import changelog
from streams.context import Context
from streams.core import core_of
from streams.entry import Applied
from streams.failures import LogLost
from streams.folding import Batch
from streams.group import Group
from streams.health import Health
from streams.letters import Place
from streams.local_state import LocalState
from streams.partition import Partition
from streams.processor import Fold, Tally
from streams.record import TICK, Outgoing, Record
from streams.stores import Stores
from streams.succession import Succession
from streams.topic_plan import COMPACTION
from streams.transactions import Transactions

IDLE = 5.0  # seconds between two commits of nothing but how far it has been read


class StatePartition(Partition):
    """State is in the changelog, its copy in a local store; both know the offset up to which it is applied."""

    def __init__(
        self, processor: Fold | Tally, tp: TP, group: Group, context: Context, stores: Stores, health: Health,
        fail: Callable[[BaseException], None],
    ) -> None:  # fmt: skip
        super().__init__(tp, group, health, fail)
        self._processor = processor
        self._context = context
        self._stores = stores
        self._place = Place(processor.name, context.version, processor.reads[0].topic, tp.partition)
        self._succession = Succession(context, stores.versions, self._place, health)
        self._core = core_of(processor, self._place, context.catalogue, context.codec)
        self._transactions: Transactions | None = None
        self._state: LocalState | None = None
        self._applied = Applied()
        self._due: int | None = None
        self._committed_at = 0.0
        self._compacts = context.catalogue.topics[self._place.topic].compact

    async def _open(self) -> int:
        """The transactional id first: from then on nobody else can write what recovery would miss."""
        self._transactions = Transactions(self._context.settings, self._succession.name, self._tp.partition)
        await self._transactions.start()
        self._state = await self._succession.recovered()
        await self._succession.take_over(self._state, self._transactions)
        self._applied = self._same_source(self._state.applied)
        self._due = self._core.due(self._state.store)
        return self._applied.offset + 1

    async def _apply(self, records: Sequence[Record]) -> int:
        dead = 0
        async for part in self._succession.parts(records, self._closing):
            dead += await self._apply_part(part)
            self._health.position = self._applied.offset + 1
        return dead

    async def _apply_part(self, records: Sequence[Record]) -> int:
        assert self._state is not None
        await self._learn(records, self._state)
        batch = self._core.step(self._state.store, self._applied, records)
        if not (batch.idle and time.monotonic() < self._committed_at + IDLE):
            await self._commit(batch)
        self._applied, self._due = batch.applied, batch.due
        await self._show(batch)
        return batch.dead

    async def _learn(self, records: Sequence[Record], state: LocalState) -> None:
        await self._context.learn([*records, *self._core.waiting(state.store, records)])

    async def _commit(self, batch: Batch) -> None:
        """Rows confirmed, then the transaction, then the local store."""
        await self._stores.write(batch.rows)
        await self._transact(batch)

    async def _transact(self, batch: Batch) -> None:
        """The transaction, then the local store."""
        assert self._state is not None
        assert self._transactions is not None
        changes = batch.changelog
        outgoing = self._succession.outgoing(batch.outgoing, batch.applied.offset)
        checkpoint = await self._transactions.commit(outgoing, changes)
        self._state.write(changes, batch.index, checkpoint)
        self._committed_at = time.monotonic()

    async def _show(self, batch: Batch) -> None:
        """Say how far the rows have come, also where nothing came of the last records: somebody may wait for them."""
        await self._publish(batch.applied.offset)

    async def _publish(self, offset: int) -> None:
        if self._processor.into is not None:
            await self._stores.positions.publish(self._succession.name, self._place.topic, self._tp.partition, offset)

    async def _idle(self) -> None:
        """A timer that is due needs a record to fire at: write one that says nothing but the time.

        So does Kafka, to close the segment that it writes to: what was erased last in a compacted topic would
        otherwise stay in it, uncompacted, until somebody writes again.
        """
        now = time.time() * 1000
        if self._succession.building:
            return
        due = self._due is not None and self._due <= now
        uncompacted = self._compacts and 0 < self._applied.clock < now - COMPACTION
        if due or uncompacted:
            tick = Outgoing(self._place.topic, b"", None, ((TICK, b""),))
            await self._context.send([tick], self._tp.partition)

    async def _release(self) -> None:
        transactions, self._transactions = self._transactions, None
        state, self._state = self._state, None
        if state is not None:
            state.close()
        if transactions is not None:
            await transactions.stop()

    def _same_source(self, applied: Applied) -> Applied:
        source = self._context.topics[self._place.topic].topic_id
        if applied.source not in ("", source):
            raise LogLost(
                f"topic {self._place.topic} was made anew since {self._processor.name} last read it\n"
                f'  mend:   delete topic {changelog(self._succession.name)} and run "playlog topics apply"'
            )
        return Applied(applied.offset, applied.clock, applied.failures, source, applied.shown)
