"""Of two task topics, one goes after the other: its tasks wait while the other has any."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

import pytest

from streams.admin import Topics
from streams.catalogue import Catalogue, Topic
from streams.event import Event, days, natural_id
from streams.log import Log
from streams.platform import Platform
from streams.processor import work
from streams.registry import Registry
from streams.settings import Settings
from streams.tasks import PATIENCE, run_works
from tests.integration.edges.errands import TEXT, schema

pytestmark = pytest.mark.asyncio


class FireReported(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "fires"
    key_field: ClassVar[str] = "task_id"
    task_id: str


class ChoreAsked(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "chores"
    key_field: ClassVar[str] = "task_id"
    task_id: str


class Done(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "results"
    key_field: ClassVar[str] = "task_id"
    task_id: str


@dataclass
class Notes:
    """What was begun, in order; the first fire burns until `out`."""

    begun: asyncio.Queue[str] = field(default_factory=asyncio.Queue[str])
    out: asyncio.Event = field(default_factory=asyncio.Event)

    async def next(self, count: int) -> list[str]:
        """What is begun next."""
        async with asyncio.timeout(60):
            return [await self.begun.get() for _ in range(count)]


@work(reads=FireReported, emits=Done)
async def put_out(task: FireReported, notes: Notes) -> AsyncIterator[Event]:
    notes.begun.put_nowait(task.task_id)
    await notes.out.wait()
    yield Done(event_id=natural_id(task.task_id), task_id=task.task_id)


@work(reads=ChoreAsked, emits=Done)
async def tidy(task: ChoreAsked, notes: Notes) -> AsyncIterator[Event]:
    notes.begun.put_nowait(task.task_id)
    yield Done(event_id=natural_id(task.task_id), task_id=task.task_id)


def task_topic(name: str, event: str, after: str = "") -> Topic:
    return Topic(name, "What to do.", "tests", "task_id", 1, days(1), (event,), share=True, after=after)


CATALOGUE = Catalogue(
    topics={
        "fires": task_topic("fires", "FireReported"),
        "chores": task_topic("chores", "ChoreAsked", after="fires"),
        "results": Topic("results", "What was done.", "tests", "task_id", 1, -1, ("Done",)),
    },
    schemas={cls.__name__: schema(cls, task_id=TEXT) for cls in (FireReported, ChoreAsked, Done)},
)


async def test_chores_wait_while_there_are_fires(settings: Settings) -> None:
    settings = replace(settings, namespace=settings.namespace + "turns")
    platform = Platform(Path(), settings, CATALOGUE, (FireReported, ChoreAsked, Done), (put_out, tidy))
    topics = Topics(settings)
    await topics.apply(await topics.plan(CATALOGUE, platform.processors))
    async with Registry(settings) as registry:
        await registry.register(CATALOGUE)
    notes, stop = Notes(), asyncio.Event()
    worker = asyncio.create_task(run_works(platform, [put_out, tidy], {Notes: notes}, stop))
    async with Log(settings, CATALOGUE, await platform.codec()) as log:
        await log.post(FireReported(task_id="fire 1"))
        assert await notes.next(1) == ["fire 1"]
        await asyncio.sleep(1.5 * PATIENCE)  # who asked for a chore before the fire has got none
        await log.post_all([ChoreAsked(task_id="chore 1"), ChoreAsked(task_id="chore 2")])
        await log.post(FireReported(task_id="fire 2"))
        notes.out.set()
        assert await notes.next(3) == ["fire 2", "chore 1", "chore 2"]
    stop.set()
    await worker
