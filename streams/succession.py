"""Two versions of a processor's state on one partition, around a flip: the former is fenced before the next begins.

While it is being built, a version never passes the one that serves. Once it serves, whoever opens it first takes over:
with the former's transactional id, so that nobody can write as the former any more, and for good, as the former's
changelog then says. What the former had applied by that moment, it had emitted: of those records the next version
sends no events. Each step may be repeated.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from bisect import bisect_right
from collections.abc import AsyncIterator, Sequence

from streams.changelog import changelog, recover
from streams.committed_offsets import EVERY, committed
from streams.context import Context
from streams.entry import HANDED_OVER, SUPERSEDED
from streams.failures import Superseded
from streams.health import Health
from streams.letters import Place, dead_letters
from streams.local_state import LocalState
from streams.record import Outgoing, Record
from streams.rehearsal import rehearsed
from streams.transactions import Transactions
from streams.versions import Versions

log = logging.getLogger(__name__)


class Succession:
    """What a partition asks about the version that it works on."""

    def __init__(self, context: Context, versions: Versions, place: Place, health: Health) -> None:
        self.name = versions.processor(place.processor)
        self.building = versions.building
        self._context, self._versions, self._place, self._health = context, versions, place, health
        self._former = versions.formerly(place.processor)
        self._reached = -1  # the last offset that the serving version is known to have applied
        self._emitted = -1  # the last offset whose events the former version has emitted

    async def recovered(self) -> LocalState:
        """The state of this version; raises Superseded where the next one has taken over."""
        state = await recovered(self._context, self.name, self._place.partition)
        if (successor := state.store.get(SUPERSEDED)) is not None:
            state.close()
            raise Superseded(f"{self.name} has handed over to {successor.decode()}")
        return state

    async def take_over(self, state: LocalState, transactions: Transactions) -> None:
        """Take over from the former version, unless that is done or there is none."""
        raw = state.store.get(HANDED_OVER)
        if raw is None and self._former is not None:
            raw = str(await handed_over(self._context, self._former, self.name, self._place.partition)).encode()
            state.write({HANDED_OVER: raw}, {}, await transactions.commit([], {HANDED_OVER: raw}))
        self._emitted = -1 if raw is None else int(raw)

    def whole(self, begin: int) -> bool:
        """Whether all records from `begin` on may be applied together, as they are but around a flip."""
        return not self.building and begin > self._emitted

    async def parts(self, records: Sequence[Record], closing: asyncio.Event) -> AsyncIterator[Sequence[Record]]:
        """`records` in the parts that may be applied together, each when it may be."""
        while self.building and records:
            if records[-1].offset > self._reached:
                self._reached = await self._serving_reached()
            if count := _until(records, self._reached):
                yield records[:count]
                records = records[count:]
                continue
            if closing.is_set():
                raise Superseded("closed while it waits for the version that serves")
            self._health.phase = "waiting"
            await asyncio.sleep(EVERY)
        if records and self.whole(records[0].offset):
            yield records
            return
        count = _until(records, self._emitted)
        for part in (records[:count], records[count:]):
            if part:
                yield part

    def outgoing(self, records: Sequence[Outgoing], offset: int) -> Sequence[Outgoing]:
        """What of the records that follow from a part up to `offset` is to be sent."""
        if offset <= self._emitted:
            return [record for record in records if record.topic == dead_letters(self._place.processor)]
        return rehearsed(self._versions, self._place.processor, records)

    async def _serving_reached(self) -> int:
        place = (self._place.topic, self._place.partition)
        return (await committed(self._context.settings, self._place.processor)).get(place, 0) - 1


async def recovered(context: Context, name: str, partition: int) -> LocalState:
    """The state of that name as its changelog has it, once its transactional id is ours."""
    settings, topic = context.settings, changelog(name)
    state = LocalState.open(settings.state_of(name, partition), await context.topic_id(topic))
    try:
        begin = state.checkpoint
        count = await recover(settings.kafka, settings.named(topic), partition, state)
        log.info("%s/%d: recovered %d records from offset %d", topic, partition, count, begin)
    except BaseException:
        state.close()
        raise
    return state


async def handed_over(context: Context, former: str, successor: str, partition: int) -> int:
    """End the work of the former version on a partition; the last offset that it had applied."""
    transactions = Transactions(context.settings, former, partition)
    await transactions.start()
    try:
        state = await recovered(context, former, partition)
        try:
            applied = state.applied.offset
        finally:
            state.close()
        await transactions.commit([], {SUPERSEDED: successor.encode()})
    finally:
        await transactions.stop()
    if (folder := context.settings.state_of(former, partition)) is not None:
        shutil.rmtree(folder, ignore_errors=True)
    return applied


def _until(records: Sequence[Record], offset: int) -> int:
    """How many of the records come up to `offset`."""
    return bisect_right(records, offset, key=lambda record: record.offset)
