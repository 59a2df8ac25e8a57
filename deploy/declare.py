"""Declare the platform to its servers: schemas, topics, tables, indexes, the bucket. Harmless when done again."""

from __future__ import annotations

from collections.abc import Callable

from deploy.assembly import platform
from streams.admin import Topics
from streams.indices import migrate as migrate_indexes
from streams.keyspace import migrate
from streams.objects import Objects
from streams.opening import shown_in
from streams.positions import VIEW_POSITIONS
from streams.registry import Registry
from streams.serving import versions_now
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
    serving = await versions_now(settings)
    await topics.apply(await topics.plan(declared.catalogue, declared.processors, serving))
    report("tables")
    shown = [target for processor in declared.processors for target in shown_in(processor)]
    tables = {target.name: target for target in shown if isinstance(target, Table)}
    indexes = {target.name: target for target in shown if isinstance(target, Index)}
    await migrate(settings, [VIEW_POSITIONS, *tables.values()])
    report("indexes")
    await migrate_indexes(settings, indexes.values())
    report("bucket")
    async with Objects(settings) as objects:
        await objects.ensure_bucket()
