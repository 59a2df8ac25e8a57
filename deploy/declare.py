"""Declare the platform to its servers: schemas, topics, tables, indexes, the bucket. Harmless when done again."""

from __future__ import annotations

from collections.abc import Callable

from deploy.assembly import VIEWS, platform
from streams.admin import Topics
from streams.indices import migrate as migrate_indexes
from streams.keyspace import migrate
from streams.objects import Objects
from streams.positions import VIEW_POSITIONS
from streams.registry import Registry
from streams.settings import Settings
from streams.tables import Index, Table


async def declare(settings: Settings, report: Callable[[str], object]) -> None:
    """Make what is missing; `report` is told what is being done.

    Raises RegistryError, TopicsError or MigrationError where what stands contradicts what is declared.
    """
    declared = platform(settings)
    report("schemas")
    async with Registry(settings) as registry:
        await registry.register(declared.catalogue)
    report("topics")
    topics = Topics(settings)
    await topics.apply(await topics.plan(declared.catalogue, declared.processors))
    report("tables")
    targets = {target.name + type(target).__name__: target for view in VIEWS for target in view.into}.values()
    await migrate(settings, [VIEW_POSITIONS, *(target for target in targets if isinstance(target, Table))])
    report("indexes")
    await migrate_indexes(settings, [target for target in targets if isinstance(target, Index)])
    report("bucket")
    async with Objects(settings) as objects:
        await objects.ensure_bucket()
