"""What the processors of a worker share, opened for a block: schemas, a producer, the broker's word, the stores."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Iterable, Sequence
from importlib.metadata import version
from typing import Any

from aiokafka import AIOKafkaProducer

from streams.cassandra import CassandraSink
from streams.changelog import changelog
from streams.codec import Codec
from streams.context import Context
from streams.letters import dead_letters
from streams.opensearch import OpenSearchSink
from streams.platform import Platform
from streams.positions import ViewPositions
from streams.processor import Fold, Processor, Tally, View
from streams.registry import Registry
from streams.settings import Settings
from streams.start_checks import check
from streams.stores import Stores
from streams.tables import Index, Table
from streams.topic_ids import topic_info
from streams.transactions import LARGEST_REQUEST
from streams.versions import FIRST, Versions


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
                stack.push_async_callback(store.close)
                await store.open()
        yield Stores(rows, documents, positions, versions)


def shown_in(processor: Processor) -> Sequence[Table | Index]:
    """The tables and indexes that a processor writes into."""
    if isinstance(processor, View):
        return processor.into
    return [processor.into] if isinstance(processor, Fold | Tally) and processor.into is not None else []


def _topics(processors: Iterable[Fold | Tally | View], versions: Versions) -> Iterable[str]:
    for processor in processors:
        yield from (event.topic for event in processor.reads)
        yield dead_letters(processor.name)
        if isinstance(processor, Fold | Tally):
            yield changelog(versions.processor(processor.name))
        if isinstance(processor, Fold):
            yield from (event.topic for event in processor.emits)
