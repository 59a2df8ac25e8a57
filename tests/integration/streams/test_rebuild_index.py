"""An index is built anew behind its alias; its dead letters become what the code of today makes of them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from streams.admin import Topics
from streams.dead_letters import waiting
from streams.event import natural_id
from streams.indices import migrate
from streams.log import Log
from streams.opensearch import alias
from streams.platform import Platform
from streams.processor import View, view
from streams.rebuild import Options, rebuild
from streams.tables import Index, Write
from streams.worker import run
from tests.sample import Counted
from tests.sample_workers import eventually

FOUND = Index("balances", key="account", fields={"total": {"type": "long"}})


@view(reads=Counted, into=FOUND)
def find_balances(event: Counted) -> Write:
    if event.total == 666:
        raise ValueError("no such total")
    return FOUND.put(account=event.account, total=event.total)


def cured(event: Counted) -> Write:
    return FOUND.put(account=event.account, total=event.total)


def counted(account: str, total: int) -> Counted:
    return Counted(event_id=natural_id(account, total), occurred_at=1, account=account, total=total, number=1)


@contextlib.asynccontextmanager
async def hosted(platform: Platform, one: View) -> AsyncIterator[None]:
    stop = asyncio.Event()
    working = asyncio.create_task(run(platform, [one], stop))
    yield
    stop.set()
    await working


async def indexes(client: httpx.AsyncClient, name: str) -> dict[str, set[str]]:
    """The indexes that there are, each with its aliases."""
    found: dict[str, Any] = (await client.get(f"/{name}-v*/_alias")).json()
    return {version.removeprefix(name): set(shape["aliases"]) for version, shape in found.items()}


@pytest.fixture
async def client(platform: Platform) -> AsyncIterator[httpx.AsyncClient]:
    name = alias(platform.settings, FOUND)
    async with httpx.AsyncClient(base_url=platform.settings.opensearch, timeout=30) as made:
        yield made
        for version in await indexes(made, name):
            await made.delete(f"/{name}{version}")


async def test_an_index_is_rebuilt_behind_its_alias(platform: Platform, log: Log, client: httpx.AsyncClient) -> None:
    settings, name = platform.settings, alias(platform.settings, FOUND)
    shown = replace(platform, processors=(find_balances,))
    codec, topics = await platform.codec(), Topics(settings)
    await topics.apply(await topics.plan(shown.catalogue, shown.processors))
    await migrate(settings, [FOUND])

    async def totals() -> dict[str, int]:
        await client.post(f"/{name}/_refresh")
        hits = (await client.get(f"/{name}/_search?size=100")).json()["hits"]["hits"]
        return {hit["_id"]: hit["_source"]["total"] for hit in hits}

    async def stands(**wanted: int) -> bool:
        return await totals() == wanted

    told: list[str] = []
    async with hosted(shown, find_balances):
        await log.post_all([counted("ann", 1), counted("bob", 2), counted("cid", 666)])
        await eventually(lambda: stands(ann=1, bob=2))
        await client.post(f"/{name}/_update/ann", json={"doc": {"total": 99}})
        assert [dead.letter.error for dead in await waiting(platform, codec, find_balances)]

        # when a rebuild is cut short after the flip, and called again
        anew = replace(shown, processors=(replace(find_balances, function=cured),))
        cut = asyncio.create_task(rebuild(anew, anew.processors[0], Options(rows=True), told.append))
        await eventually(lambda: "version 2 serves" in told)
        assert await indexes(client, name) == {"-v1": {f"{name}-former"}, "-v2": {name, f"{name}-next"}}
        cut.cancel()
        await asyncio.wait({cut})
        await rebuild(anew, anew.processors[0], Options(grace=2), told.append)

        # then the next version serves alone, is kept up, and nothing waits any more
        assert await indexes(client, name) == {"-v2": {name}}
        await log.post_all([counted("bob", 4)])
        await eventually(lambda: stands(ann=1, bob=4, cid=666))
    assert "balances: 2 rows, 3 in the next version, 2 rows differ" in told
    assert not await waiting(platform, codec, find_balances)
