"""The next version beside the one that serves: made, put in its place, and the former removed. Each may be repeated."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from typing import Any, cast

import confluent_kafka.admin
import httpx
from confluent_kafka import KafkaError, KafkaException

from streams.admin import Topics
from streams.cassandra import Session, connect
from streams.catalogue import Catalogue
from streams.changelog import changelog
from streams.indices import WAIT, ask, create_index, done, following
from streams.keyspace import migrate
from streams.opensearch import alias, next_alias
from streams.positions import VIEW_POSITIONS
from streams.rebuild_unit import Unit
from streams.rehearsal import unsent
from streams.settings import Settings
from streams.tables import Index
from streams.topic_plan import KEPT, Wanted, changelog_of
from streams.versions import Versions, member

sdk = cast("Any", confluent_kafka.admin)

GONE = (KafkaError.UNKNOWN_TOPIC_OR_PART, KafkaError.GROUP_ID_NOT_FOUND)


async def make(settings: Settings, catalogue: Catalogue, unit: Unit, versions: Versions) -> None:
    """Make the tables, indexes and topics of these versions, as far as they are not there."""
    await migrate(settings, map(versions.table, unit.tables))
    async with httpx.AsyncClient(base_url=settings.opensearch, timeout=WAIT) as client:
        for index in unit.indexes:
            await _make_index(client, settings, index)
    topics = Topics(settings)
    await topics.apply(await topics.plan_of(_topics(catalogue, unit, versions)))


def _topics(catalogue: Catalogue, unit: Unit, versions: Versions) -> list[Wanted]:
    names = [versions.processor(one.name) for one in unit.processors]
    states = [changelog_of(catalogue, one, versions) for one in unit.states]
    return [*(Wanted(unsent(name), 1, KEPT, "a rebuild") for name in names), *states]


async def _make_index(client: httpx.AsyncClient, settings: Settings, index: Index) -> None:
    name, next_name = alias(settings, index), next_alias(settings, index)
    if next_name not in await _aliases(client, name):
        [(serving, _)] = done(index, await ask(client, "GET", f"/_alias/{name}")).items()
        await create_index(client, settings, index, following(serving), next_name)


async def exchange(settings: Settings, indexes: Iterable[Index]) -> None:
    """Let the indexes' aliases lead to the next versions, all at once."""
    async with httpx.AsyncClient(base_url=settings.opensearch, timeout=WAIT) as client:
        actions: list[Mapping[str, Any]] = []
        for index in indexes:
            name = alias(settings, index)
            found = await _aliases(client, name)
            old, new = found[name], found[next_alias(settings, index)]
            if old != new:
                actions.append({"add": {"index": new, "alias": name, "is_write_index": True}})
                actions.append({"remove": {"index": old, "alias": name}})
                actions.append({"add": {"index": old, "alias": f"{name}-former"}})
        if actions:
            (await ask(client, "POST", "/_aliases", {"actions": actions})).raise_for_status()


async def drop(settings: Settings, unit: Unit, former: Versions, now: Versions) -> None:
    """Remove what `former` names of the unit, and what was needed to make the next versions."""
    tables = [former.table(table) for table in unit.tables if member(table) in former.serving]
    processors = [one for one in unit.processors if member(one.name) in former.serving]
    session = await connect(settings)
    try:
        for table in tables:
            await _run(session, f'DROP TABLE IF EXISTS {settings.keyspace}."{table.name}"')
        for one in processors:
            for topic in dict.fromkeys(event.topic for event in one.reads):
                where = f"\"view\" = '{former.processor(one.name)}' AND topic = '{topic}'"
                await _run(session, f"DELETE FROM {settings.keyspace}.{VIEW_POSITIONS.name} WHERE {where}")
    finally:
        await session.close()
    async with httpx.AsyncClient(base_url=settings.opensearch, timeout=WAIT) as client:
        for index in unit.indexes:
            await _drop_index(client, settings, index)
    states = [former.processor(one.name) for one in processors if one in unit.states]
    built = [now.processor(one.name) for one in processors]
    await _drop_topics(settings, [*map(unsent, built), *map(changelog, states)], built)


async def _drop_index(client: httpx.AsyncClient, settings: Settings, index: Index) -> None:
    name = alias(settings, index)
    found = await _aliases(client, name)
    if (old := found.get(f"{name}-former")) is not None:
        done(index, await ask(client, "DELETE", f"/{old}"))
    if (new := found.get(next_alias(settings, index))) is not None:
        done(index, await ask(client, "DELETE", f"/{new}/_alias/{next_alias(settings, index)}"))


async def _aliases(client: httpx.AsyncClient, name: str) -> dict[str, str]:
    """The index behind each of the aliases that begin with `name`."""
    found = (await ask(client, "GET", f"/{name}-v*/_alias")).json()
    return {each: index for index, shape in found.items() for each in shape["aliases"]}


async def _drop_topics(settings: Settings, topics: Sequence[str], groups: Sequence[str]) -> None:
    admin = sdk.AdminClient({"bootstrap.servers": settings.kafka})
    await _gone(admin.delete_topics([settings.named(name) for name in topics]))
    await _gone(admin.delete_consumer_groups([settings.named(name) for name in groups]))


async def _gone(answers: Mapping[str, Future[Any]]) -> None:
    for answer in answers.values():
        try:
            await asyncio.wrap_future(answer)
        except KafkaException as error:
            if error.args[0].code() not in GONE:
                raise


async def _run(session: Session, statement: str) -> Sequence[Any]:
    return (await session.execute(session.query(statement, timeout=30.0))).all()
