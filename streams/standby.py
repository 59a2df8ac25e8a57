"""Standby: copies of the state of partitions that other workers have, kept warm by following their changelogs.

Who takes such a partition over recovers what its copy lacks, and no more. A copy is read by nobody and says nothing;
it is let go of before its partition is opened here, and what fails about it never fails the worker. All copies of a
worker together take a fifth of its time, and a few MB for what they are about to take over.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import time
from collections.abc import AsyncGenerator, Collection, Mapping
from typing import Any

from aiokafka import TopicPartition

from streams.changelog import changelog, pull, reader
from streams.context import Context
from streams.ending import end
from streams.local_state import STALE, LocalState

log = logging.getLogger(__name__)

SETTLE = 3.0  # seconds after a rebalance in which owners open their partitions: they have the first choice of stores
PAUSE = 10.0  # seconds after a failure
REST = 4  # seconds for each that copies take
FETCH = 512 * 1024  # bytes
CHUNK = 2_000  # records that are written together
LULL = 0.5  # seconds between two looks when nothing has come
RENEWED = 3600.0  # seconds after which a copy to which nothing is to be added says that it is not stale


class Standby:
    """The copies that one processor keeps."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._name = ""
        self._copies: dict[TopicPartition, LocalState] = {}
        self._following: asyncio.Task[None] | None = None

    @property
    def positions(self) -> Mapping[int, int]:
        """The offset of the changelog that the copy of each partition has come to."""
        return {tp.partition: state.checkpoint for tp, state in self._copies.items()}

    async def follow(self, name: str, partitions: Collection[int]) -> None:
        """Copy these partitions of that state, and let go of any other copy; those of a former version go for good."""
        await self.stop(discard=name != self._name)
        self._name = name
        if partitions:
            self._following = asyncio.create_task(self._follow(sorted(partitions)), name=f"standby {name}")

    async def stop(self, discard: bool = False) -> None:
        """Let go of all copies; they stay on the disk, unless they are of no use any more."""
        following, self._following = self._following, None
        if following is not None:
            await end(following)
        self._close(discard)

    async def _follow(self, partitions: Collection[int]) -> None:
        await asyncio.sleep(SETTLE)
        while True:
            try:
                await self._keep(partitions)
            except Exception as error:
                log.warning("no copies of the state of %s just now: %r", self._name, error)
            self._close()
            await asyncio.sleep(PAUSE)

    async def _keep(self, partitions: Collection[int]) -> None:
        """Open the copies, then keep them up; returns where one has become stale."""
        settings, topic = self._context.settings, changelog(self._name)
        known = await self._context.topic_id(topic)
        for partition in partitions:
            async with self._turn():
                state = LocalState.open(settings.state_of(self._name, partition), known)
                self._copies[TopicPartition(settings.named(topic), partition)] = state
        consumer = reader(settings.kafka, FETCH, patience=LULL)
        try:
            await consumer.start()
            consumer.assign(list(self._copies))
            for tp, state in self._copies.items():
                consumer.seek(tp, state.checkpoint)
            await self._keep_up(consumer)
        finally:
            await consumer.stop()

    async def _keep_up(self, consumer: Any) -> None:
        warm: set[TopicPartition] = set()
        while not any(state.age > STALE for state in self._copies.values()):
            came = False
            for tp, state in self._copies.items():
                async with self._turn():
                    part = await pull(consumer, tp, 0, CHUNK)
                    if part.after > state.checkpoint:
                        state.recover(part.changes, part.after)
                        came = True
                if state.checkpoint >= (consumer.last_stable_offset(tp) or sys.maxsize):
                    await self._at_the_end(consumer, tp, state, tp not in warm)
                    warm.add(tp)
            if not came:
                await asyncio.sleep(LULL)

    async def _at_the_end(self, consumer: Any, tp: TopicPartition, state: LocalState, first: bool) -> None:
        """Make the index of timers, once; say that the copy is no older than now, from time to time."""
        lots = state.index()
        while True:
            async with self._turn():
                if next(lots, self) is self:
                    break
        if state.age > RENEWED and state.checkpoint >= (await consumer.end_offsets([tp]))[tp]:
            state.recover({}, state.checkpoint)
        if first:
            log.info("%s/%d: the copy has come to offset %d", tp.topic, tp.partition, state.checkpoint)

    def _close(self, discard: bool = False) -> None:
        copies, self._copies = self._copies, {}
        for tp, state in copies.items():
            try:
                state.discard() if discard else state.close()
            except Exception as error:  # a full disk, or a folder that somebody has removed
                log.warning("%s/%d: the copy could not be put away: %r", tp.topic, tp.partition, error)

    @contextlib.asynccontextmanager
    async def _turn(self) -> AsyncGenerator[None]:
        """One copy of the worker at a time, and then nobody for a while."""
        async with self._context.aside:
            began = time.perf_counter()
            yield
            await asyncio.sleep(REST * (time.perf_counter() - began))
