"""What the benchmarks of the engine stand on: servers, a namespace of its own, what a platform declares."""

from __future__ import annotations

import contextlib
import os
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from confluent_kafka.admin import AdminClient

from streams.admin import Topics
from streams.keyspace import migrate
from streams.opening import shown_in
from streams.platform import Platform
from streams.positions import VIEW_POSITIONS
from streams.processor import Fold, Tally, View
from streams.registry import Registry
from streams.settings import Settings
from streams.tables import Table
from tests.own_stack import own_environment, playlog_up
from tests.sample_workers import drop

ROOT = Path(__file__).parents[2]


@contextlib.contextmanager
def servers() -> Iterator[Settings]:
    """Servers of its own; `PLAYLOG_TEST_SERVERS=dev` takes those of a running `playlog up`."""
    with tempfile.TemporaryDirectory() as folder:
        if os.environ.get("PLAYLOG_TEST_SERVERS") == "dev":
            yield replace(Settings.from_environment(), home=folder, namespace=f"b{uuid.uuid4().hex[:6]}")
            return
        with playlog_up(own_environment(Path(folder)), "--servers") as local:
            yield replace(local.settings(), home=folder, namespace=f"b{uuid.uuid4().hex[:6]}")


@contextlib.asynccontextmanager
async def declared(platform: Platform) -> AsyncIterator[Platform]:
    """The platform's topics, schemas and tables are there; gone afterwards."""
    processors = [p for p in platform.processors if isinstance(p, Fold | Tally | View)]
    topics = Topics(platform.settings)
    await topics.apply(await topics.plan(platform.catalogue, processors))
    async with Registry(platform.settings) as registry:
        await registry.register(platform.catalogue)
    tables = [target for processor in processors for target in shown_in(processor) if isinstance(target, Table)]
    await migrate(platform.settings, [*tables, VIEW_POSITIONS])
    try:
        yield platform
    finally:
        await drop(platform)
        remove_topics(platform.settings)


def remove_topics(settings: Settings) -> None:
    """Remove the topics of a benchmark's namespace."""
    admin: Any = AdminClient({"bootstrap.servers": settings.kafka})
    mine = [name for name in admin.list_topics(timeout=30).topics if name.startswith(settings.named(""))]
    for removed in (admin.delete_topics(mine) if mine else {}).values():
        removed.result(30)
