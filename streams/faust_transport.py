"""A Faust transport that hands over record lists: Faust's aiokafka driver, with the hand-over replaced.

Faust keeps the group: joining, heartbeats in a thread of their own, assignment, offset commits, sensors. Its
streams, tables and recovery are not used: each partition pulls its own record lists (`Consumer.pull`), so a slow
partition holds back no other and memory is bounded by one list a partition.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from typing import Any, TypeVar, cast

import aiokafka
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.errors import KafkaError, NoOffsetForPartitionError, OffsetOutOfRangeError
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from streams.as_parsed import arrived
from streams.group import Hosted, Pull

T = TypeVar("T")
sdk = cast("Any", aiokafka)
NEVER = 24 * 3600 * 1000  # ms between two polls; heartbeats go on while a partition is held


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """aiokafka's consumer in its thread: reads committed records only, and is asked for one partition at a time."""

    _consumer: Any

    def _create_worker_consumer(self, transport: Any) -> Any:
        conf = self.app.conf
        return sdk.AIOKafkaConsumer(
            client_id=conf.broker_client_id,
            group_id=conf.id,
            bootstrap_servers=driver.server_list(transport.url, transport.default_port),
            partition_assignment_strategy=[RoundRobinPartitionAssignor],
            enable_auto_commit=False,
            auto_offset_reset="none",  # a reset would pass over records in silence
            isolation_level="read_committed",
            max_poll_interval_ms=NEVER,
            fetch_max_bytes=conf.consumer_max_fetch_size,
            max_partition_fetch_bytes=conf.consumer_max_fetch_size,
            fetch_max_wait_ms=500,
            session_timeout_ms=int(conf.broker_session_timeout * 1000),
            rebalance_timeout_ms=int(conf.broker_rebalance_timeout * 1000),
            heartbeat_interval_ms=int(conf.broker_heartbeat_interval * 1000),
        )

    async def pull(self, tp: TP, timeout: float, limit: int) -> Pull:
        """Up to `limit` records of one partition, an empty list after `timeout` seconds.

        Raises OffsetOutOfRangeError where the log has nothing at the reading position, and other KafkaErrors.
        """
        consumer: Any = self._ensure_consumer()
        before = await consumer.position(tp)
        found = await self._fetched(consumer, tp, before, timeout, limit)
        after = await consumer.position(tp)
        return Pull(before, found, after, consumer.last_stable_offset(tp) or 0)

    async def _fetched(self, consumer: Any, tp: TP, position: int, timeout: float, limit: int) -> Sequence[Any]:
        """aiokafka looks for the group's offset before we seek; what it says of that one is no concern of ours."""
        fetcher = consumer._fetcher
        try:
            with fetcher._subscriptions.fetch_context():
                if not await arrived(fetcher, tp, timeout):
                    return ()
                return (await fetcher.fetched_records({tp}, timeout=0, max_records=limit)).get(tp, ())
        except NoOffsetForPartitionError:
            return ()
        except OffsetOutOfRangeError as error:
            if error.args[0].get(tp) == position:
                raise
            return ()

    async def seek_now(self, tp: TP, offset: int) -> int:
        """Read `tp` from `offset` on, 0 being wherever the log begins; where that is."""
        consumer: Any = self._ensure_consumer()
        begin = offset or (await consumer.beginning_offsets([driver.ensure_aiokafka_TP(tp)]))[tp]
        consumer.seek(tp, begin)
        return begin

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        """Commit the group's offsets: a hint for tools, so a failure is told and nothing more."""
        consumer: Any = self._ensure_consumer()
        mine = {driver.ensure_aiokafka_TP(tp): offset for tp, offset in offsets.items() if tp in self.assignment()}
        try:
            await consumer.commit(mine)
        except KafkaError as error:
            self.log.info("offsets of %s not committed: %r", self.app.conf.id, error)
            return False
        return True


class Consumer(driver.Consumer):
    """The application's side of the thread."""

    _thread: Any  # a ConsumerThread

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=cast("Any", self).beacon)

    @property
    def _hosted(self) -> Hosted:
        return cast("Any", self.app).hosted

    async def on_started(self) -> None:
        """Join the group, once the thread is up."""
        await self.subscribe(self._hosted.topics)

    async def pull(self, tp: TP, timeout: float, limit: int) -> Pull:
        """`ConsumerThread.pull`; cancelling this cancels that."""
        return await self._in_thread(self._thread.pull(tp, timeout, limit))

    async def seek_now(self, tp: TP, offset: int) -> int:
        """`ConsumerThread.seek_now`."""
        return await self._in_thread(self._thread.seek_now(tp, offset))

    def hint(self, tp: TP, offset: int) -> None:
        """The group's offset to commit with the next round: the next one to be read."""
        self._acked[tp] = [offset]

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        await self._hosted.assigned(assigned)
        self.app.on_rebalance_return()
        cast("Any", self.app).on_rebalance_end()

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        await self._hosted.revoked(revoked)
        if not self.should_stop:  # the thread that would do it waits for this
            await self.commit()
        for tp in revoked:
            self._acked.pop(tp, None)
            self._committed_offset.pop(tp, None)

    async def wait_empty(self) -> None:
        """Nothing is in flight here: partitions are closed by who hosts them. Commits the last hints."""
        await self.commit()

    def _filter_committable_offsets(self, tps: Iterable[TP]) -> dict[TP, int]:
        hints = {tp: self._acked[tp][-1] for tp in tps if self._acked[tp]}
        return {tp: offset for tp, offset in hints.items() if offset != self._committed_offset[tp]}

    async def _commit_offsets(self, offsets: Mapping[TP, int], start_new_transaction: bool = True) -> bool:
        """Commit, and remember as committed only what the broker took."""
        done = await self._commit(offsets)
        if done:
            self._committed_offset.update(offsets)
            self.app.monitor.on_tp_commit(dict(offsets))
        return done

    async def verify_all_partitions_active(self) -> None:
        """Faust would look for stalled streams; the health page says what holds a partition."""

    async def _in_thread(self, call: Coroutine[Any, Any, T]) -> T:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(call, self._thread.thread_loop))


class Transport(driver.Transport):
    """`playlog://host:port`, registered under `faust.transports` in pyproject.toml."""

    Consumer = Consumer
