"""Worker processes of works: members of their topics' share groups, until told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from importlib.metadata import version
from typing import Any

from aiokafka import AIOKafkaProducer

from streams.admin import Topics
from streams.context import Context
from streams.event import Event
from streams.platform import Platform
from streams.processor import ProcessorError, Work
from streams.registry import Registry
from streams.shares import Delivery, LockLost, ShareDown, ShareReader
from streams.stopping import on_signals
from streams.task_run import TaskRunner
from streams.transactions import LARGEST_REQUEST

GRACE = 5.0  # seconds that a task in hand may go on after the word to stop
MARGIN = 15_000  # ms that a lock outlives its work's time limit: reports are confirmed meanwhile
LONGEST_PAUSE = 10.0
PATIENCE = 1.0  # seconds that a topic is asked for a task before the word to stop is looked for
logger = logging.getLogger(__name__)

WorksByEvent = dict[type[Event], Work]


async def run_works(
    platform: Platform,
    works: Sequence[Work],
    provided: Mapping[Any, object],
    stop: asyncio.Event | None = None,
    ready: Callable[[], object] = lambda: None,
) -> None:
    """Take tasks until SIGTERM, SIGINT or `stop`; what is in hand then is finished in seconds, or handed out again.

    A topic has as many tasks in hand as the most `slots` of a work that reads it; one that is `after` another
    waits while that has any. `provided` holds what works
    ask for, by its type; `ready` is called when all groups are joined. Raises ProcessorError where a topic's
    events are not all taken (a share group hands out tasks of all kinds), TopicsError or RegistryError where
    the platform is not set up.
    """
    topics = by_topic(platform, works)
    stopping = stop or on_signals()
    async with opened(platform) as context:
        runners: dict[str, TaskRunner] = {}
        for topic, taken in topics.items():
            lock = await configure(Topics(platform.settings), topic, taken)
            runners[topic] = TaskRunner(context, taken, provided, lock)
        turns = {topic: Turns() for topic in topics}
        async with asyncio.TaskGroup() as group:
            for topic, taken in topics.items():
                before = turns.get(platform.catalogue.topics[topic].after)
                for _ in range(max(work.slots for work in taken.values())):
                    reader = ShareReader(platform.settings, topic)
                    await reader.open()
                    group.create_task(slot(reader, runners[topic], stopping, turns[topic], before))
            ready()


class Turns:
    """Whether a topic's slots had nothing to do when they asked last: then those of a topic after it may ask."""

    def __init__(self) -> None:
        self._busy = 0
        self._idle = asyncio.Event()

    @contextlib.contextmanager
    def taken(self) -> Generator[None, None, None]:
        """While a task is in hand; over only when the topic was asked again, and had none."""
        self._busy += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._busy -= 1

    def empty(self) -> None:
        """The topic was asked, and had no task."""
        if not self._busy:
            self._idle.set()

    async def idle(self, patience: float) -> bool:
        """Whether the topic has nothing to do, or will within `patience` seconds."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), patience)
        return self._idle.is_set()


def by_topic(platform: Platform, works: Sequence[Work]) -> dict[str, WorksByEvent]:
    """Which work takes which event of which topic; raises ProcessorError where that can not be."""
    topics: dict[str, WorksByEvent] = defaultdict(dict)
    for work in works:
        for event in work.reads:
            if event in topics[event.topic]:
                raise ProcessorError(f"{work.name} and {topics[event.topic][event].name} both take {event.__name__}")
            topics[event.topic][event] = work
    for topic, taken in topics.items():
        if not platform.catalogue.topics[topic].share:
            raise ProcessorError(
                f"{', '.join(sorted({work.name for work in taken.values()}))} would take tasks from {topic}, whose "
                'records share batches: one slow task would hold up its neighbours\n  mend:   write "share: true" into '
                f"topics/{topic}.yaml, or let a fold emit tasks into a topic of their own"
            )
        names = {event.__name__ for event in taken}
        if absent := [name for name in platform.catalogue.topics[topic].events if name not in names]:
            raise ProcessorError(
                f"topic {topic} holds {', '.join(absent)}, which none of these works takes: "
                f"{', '.join(sorted({work.name for work in taken.values()}))}\n"
                "  mend:   run the works of one topic in one process; its share group hands out tasks of all kinds"
            )
    return dict(topics)


@contextlib.asynccontextmanager
async def opened(platform: Platform) -> AsyncGenerator[Context, None]:
    """What all tasks of the process share; raises RegistryError where schemas are not registered."""
    async with Registry(platform.settings) as registry:
        codec = await platform.codec()
        # not idempotent: aiokafka's sequence numbers would run ahead at a record that the broker refuses, and all
        # later ones of the partition be refused too; reports may come twice, and batches keep their order without
        producer: Any = AIOKafkaProducer(
            bootstrap_servers=platform.settings.kafka, acks="all", linger_ms=0, max_request_size=LARGEST_REQUEST
        )
        await producer.start()
        try:
            yield Context(platform.settings, platform.catalogue, codec, registry, producer, {}, version("playlog"))
        finally:
            await producer.stop()


async def configure(topics: Topics, topic: str, taken: WorksByEvent) -> int:
    """Tell the broker, before the first member joins, where the group begins and how long a task may take (ms).

    Without `earliest` the tasks written before would be skipped. Where the broker's limit on locks is lower
    than the time limit, a task may be handed out twice; that is safe, and said in the log.
    """
    wanted = max(work.limit(event) for event, work in taken.items()) + MARGIN
    longest = int(await topics.broker_setting("group.share.max.record.lock.duration.ms"))
    if wanted > longest:
        logger.warning(
            "tasks of %s may take %d s, the broker's locks end after %d s: longer ones are handed out twice; "
            "raise group.share.max.record.lock.duration.ms", topic, wanted // 1000, longest // 1000,
        )  # fmt: skip
    await topics.configure_group(
        topic,
        {
            "share.auto.offset.reset": "earliest",
            "share.isolation.level": "read_committed",  # tasks are emitted in folds' transactions
            "share.record.lock.duration.ms": str(min(wanted, longest)),
        },
    )
    return min(wanted, longest)


async def slot(
    reader: ShareReader, runner: TaskRunner, stop: asyncio.Event, turns: Turns, before: Turns | None = None
) -> None:
    """One task after another until `stop`, then leave the group; while the broker is away, try again.

    No task is asked for while `before` has something to do. What is in hand then goes on beside it.
    """
    pause = 0.5
    try:
        while not stop.is_set():
            try:
                if before is not None and not await before.idle(PATIENCE):
                    continue
                if (delivery := await reader.next(PATIENCE)) is None:
                    turns.empty()
                else:
                    with turns.taken():
                        await _see_through(reader, runner, delivery, stop)
                pause = 0.5
            except LockLost as error:
                logger.warning("a task was done, but will be handed out again: %s", error)
            except ShareDown as error:
                logger.warning("%s", error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
    finally:
        await reader.close()


async def _see_through(reader: ShareReader, runner: TaskRunner, delivery: Delivery, stop: asyncio.Event) -> None:
    running = asyncio.create_task(runner.run(delivery))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            await asyncio.wait({running}, timeout=GRACE)
        if not running.done():
            running.cancel()
            await asyncio.wait({running})
        await reader.settle(delivery, "release" if running.cancelled() else running.result())
    finally:
        stopping.cancel()
        running.cancel()
