"""A worker process: hosts folds, tallies and views until it is told to stop, or something unexpected happens."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from importlib.metadata import version
from typing import Any

from aiokafka import AIOKafkaProducer

from streams.cassandra import CassandraSink
from streams.changelog import changelog
from streams.codec import Codec
from streams.context import Context
from streams.health import Health
from streams.health_page import serve
from streams.hosting import Host
from streams.letters import dead_letters
from streams.liveness import watch
from streams.memory import few_arenas, settle_garbage
from streams.metrics import report
from streams.opensearch import OpenSearchSink
from streams.owners import Owners
from streams.platform import Platform
from streams.positions import ViewPositions
from streams.processor import Fold, Processor, Tally, View
from streams.registry import Registry
from streams.serving import EVERY, Serving, followed
from streams.settings import Settings
from streams.sinks import SinkDown
from streams.start_checks import check
from streams.stopping import on_signals
from streams.stores import Stores
from streams.tables import Index, Table
from streams.topic_ids import topic_info
from streams.transactions import LARGEST_REQUEST
from streams.versions import FIRST, Versions


async def run(
    platform: Platform,
    processors: Sequence[Fold | Tally | View],
    stop: asyncio.Event | None = None,
    ready: Callable[[], object] = lambda: None,
    metrics_port: int | None = None,
) -> None:
    """Host `processors` until SIGTERM, SIGINT or `stop`; batches in flight are finished first.

    `ready` is called when every processor has joined its group. With a `metrics_port`, Prometheus finds
    `/metrics` there and a cluster `/healthz`; how the partitions fare is in the worker's report in any case
    (`metrics.reports`).

    Raises what ended the work of a partition unexpectedly, or Stuck: the process must then exit with an error.
    """
    few_arenas()
    stopping = stop or on_signals()
    failure: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def fail(error: BaseException) -> None:
        if not failure.done():
            failure.set_exception(error)

    async with contextlib.AsyncExitStack() as stack:
        serving = await stack.enter_async_context(followed(platform.settings))
        context = await stack.enter_async_context(opened(platform, processors, serving.now))
        stores = await stack.enter_async_context(opened_stores(platform.settings, processors, serving.now))
        owners = Owners()
        hosts = [Host(processor, context, stores, owners, fail) for processor in processors]
        stack.push_async_callback(_stop, hosts)
        reporting = asyncio.create_task(report(platform.settings, lambda: _health(hosts)))
        stack.callback(reporting.cancel)
        watching = asyncio.create_task(watch(lambda: _health(hosts), fail))
        stack.callback(watching.cancel)
        if metrics_port is not None:
            serve(metrics_port, lambda: _health(hosts))
        switching = asyncio.create_task(_switch(serving, stores, hosts, fail))
        stack.callback(switching.cancel)
        await asyncio.gather(*(host.start() for host in hosts))
        for host in hosts:
            await _either(host.joined, stopping, failure)
        if not (stopping.is_set() or failure.done()):
            ready()
        settle_garbage()
        await _either(stopping, failure)
    if failure.done():
        failure.result()


@contextlib.asynccontextmanager
async def opened(
    platform: Platform, processors: Iterable[Fold | Tally | View], versions: Versions = FIRST
) -> AsyncGenerator[Context]:
    """The context of a worker; raises TopicMissing, ProcessorError or RegistryError where it can not work."""
    settings, processors = platform.settings, list(processors)
    topics = await topic_info(settings, _topics(processors, versions))
    check(platform.catalogue, processors, topics, versions)
    async with Registry(settings) as registry:
        codec = Codec(platform.catalogue, platform.classes, await registry.ids(platform.catalogue))
        producer: Any = AIOKafkaProducer(
            bootstrap_servers=settings.kafka, acks="all", enable_idempotence=True, linger_ms=0,
            max_request_size=LARGEST_REQUEST,
        )  # fmt: skip
        await producer.start()
        try:
            yield Context(settings, platform.catalogue, codec, registry, producer, topics, version("playlog"))
        finally:
            await producer.stop()


@contextlib.asynccontextmanager
async def opened_stores(
    settings: Settings, processors: Iterable[Fold | Tally | View], versions: Versions = FIRST
) -> AsyncGenerator[Stores]:
    """The sinks that these processors write into, and their positions; raises SinkDown."""
    targets = [target for p in processors for target in shown_in(p)]
    tables = {target.name: target for target in targets if isinstance(target, Table)}
    indexes = {target.name: target for target in targets if isinstance(target, Index)}
    rows, positions = CassandraSink(settings, tables.values(), versions=versions), ViewPositions(settings)
    documents = OpenSearchSink(settings, indexes.values(), versions=versions)
    async with contextlib.AsyncExitStack() as stack:
        for needed, store in ((tables, rows), (indexes, documents), (targets, positions)):
            if needed:
                await store.open()
                stack.push_async_callback(store.close)
        yield Stores(rows, documents, positions, versions)


def shown_in(processor: Processor) -> Sequence[Table | Index]:
    """The tables and indexes that a processor writes into."""
    if isinstance(processor, View):
        return processor.into
    return [processor.into] if isinstance(processor, Fold | Tally) and processor.into is not None else []


def _health(hosts: Iterable[Host]) -> Iterable[Health]:
    return [health for host in hosts for health in host.health.values()]


def _topics(processors: Iterable[Fold | Tally | View], versions: Versions) -> Iterable[str]:
    for processor in processors:
        yield from (event.topic for event in processor.reads)
        yield dead_letters(processor.name)
        if isinstance(processor, Fold | Tally):
            yield changelog(versions.processor(processor.name))
        if isinstance(processor, Fold):
            yield from (event.topic for event in processor.emits)


async def _switch(
    serving: Serving, stores: Stores, hosts: Sequence[Host], fail: Callable[[BaseException], None]
) -> None:
    """Whenever other versions serve, let those of `hosts` whom it concerns go on with them."""
    while True:
        await serving.changed.wait()
        serving.changed.clear()
        try:
            now = await stores.at(serving.now)
            await asyncio.gather(*(host.switch(now) for host in hosts))
        except SinkDown:
            await asyncio.sleep(EVERY)
            serving.changed.set()
        except Exception as error:
            fail(error)
            return


async def _either(*awaited: asyncio.Event | asyncio.Future[None]) -> None:
    """Return when the first of these has happened."""
    waits = [asyncio.ensure_future(a.wait()) if isinstance(a, asyncio.Event) else a for a in awaited]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait, given in zip(waits, awaited, strict=True):
        if isinstance(given, asyncio.Event):
            wait.cancel()


async def _stop(hosts: Sequence[Host]) -> None:
    await asyncio.gather(*(host.stop() for host in hosts), return_exceptions=True)
