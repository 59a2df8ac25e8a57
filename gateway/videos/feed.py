"""The live events of all videos, read once a gateway and handed to whoever listens."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from gateway.measures import DROPPED, LISTENERS
from streams.tail import Recorded, Tail

log = logging.getLogger("playlog.gateway")
TOPICS = ("uploads", "videos", "encodes", "edge-actions", "storage-actions")
AGAIN = 2.0  # seconds between attempts to follow the log
BUFFER = 1_000  # events a listener may lag behind


class CutOff(Exception):
    """A listener did not take its events, or the gateway stops; it may resume where it was."""


class Subscription:
    """One listener's events, in the order of the log's partitions. Memory is bounded by `BUFFER`."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[Recorded | None] = asyncio.Queue(BUFFER + 1)

    def __aiter__(self) -> AsyncIterator[Recorded]:
        return self

    async def __anext__(self) -> Recorded:
        """The next event, when it comes; raises CutOff once the buffer has run over."""
        recorded = await self._waiting.get()
        if recorded is None:
            raise CutOff
        return recorded

    def hand(self, recorded: Recorded) -> bool:
        """Whether there was room; a full buffer is emptied and closed."""
        if self._waiting.qsize() < BUFFER:
            self._waiting.put_nowait(recorded)
            return True
        self.cut()
        return False

    def cut(self) -> None:
        """End it: what is waiting is dropped."""
        while not self._waiting.empty():
            self._waiting.get_nowait()
        self._waiting.put_nowait(None)


class Feed:
    """Who listens to which video."""

    def __init__(self) -> None:
        self.following = asyncio.Event()
        self._listeners: defaultdict[str, set[Subscription]] = defaultdict(set)

    @contextmanager
    def subscribe(self, video_id: str) -> Iterator[Subscription]:
        """Hear a video's events from now on."""
        subscription = Subscription()
        self._listeners[video_id].add(subscription)
        LISTENERS.inc()
        try:
            yield subscription
        finally:
            LISTENERS.dec()
            self._forget(video_id, subscription)

    def hand(self, recorded: Recorded) -> None:
        """Give an event to everybody who listens to its video."""
        for subscription in tuple(self._listeners.get(recorded.key, ())):
            if not subscription.hand(recorded):
                DROPPED.inc()
                self._forget(recorded.key, subscription)

    @property
    def listeners(self) -> int:
        return sum(map(len, self._listeners.values()))

    def close(self) -> None:
        """Cut every listener off: the gateway stops, they go on at another."""
        for subscriptions in tuple(self._listeners.values()):
            for subscription in tuple(subscriptions):
                subscription.cut()

    async def run(self, tail: Tail) -> None:
        """Follow the videos' topics for ever; after a failure go on from then, listeners read the timeline anyway."""
        while True:
            try:
                async with tail.follow(TOPICS) as records:
                    self.following.set()
                    async for recorded in records:
                        self.hand(recorded)
            except Exception as error:
                log.warning("live events are held up, the log does not answer: %s", error)
            self.following.clear()
            await asyncio.sleep(AGAIN)

    def _forget(self, video_id: str, subscription: Subscription) -> None:
        listeners = self._listeners.get(video_id)
        if listeners is not None:
            listeners.discard(subscription)
            if not listeners:
                del self._listeners[video_id]
