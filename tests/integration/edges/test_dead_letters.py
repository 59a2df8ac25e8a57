"""Operators and dead letters: they are listed, shown, tried again by their own processor, or given up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest
import pytest_asyncio
from aiokafka.errors import MessageSizeTooLargeError
from click.testing import CliRunner

from streams.admin import Topics
from streams.commands import cli
from streams.dead_letters import Waiting, resolver, waiting
from streams.log import Log
from streams.platform import Platform
from streams.processor import Processor, State, Step, fold
from streams.record import Record
from streams.resolutions import Letter
from streams.settings import Settings
from streams.tail import Tail
from streams.tasks import run_works
from streams.topic_plan import Plan
from streams.worker import run
from tests.integration.edges.errand_works import WORKS, Diary, carry_parcel
from tests.integration.edges.errands import CATALOGUE, ErrandDone, OperatorActed, ParcelAsked, errands_platform

MOOD = {"sour": True}


class Steps(State, frozen=True, kw_only=True):
    seen: tuple[int, ...] = ()


@fold(reads=ErrandDone)
def note_steps(state: Steps, event: ErrandDone) -> Step[Steps]:
    if event.step == 1 and MOOD["sour"]:
        raise ValueError("not today")
    return Step(Steps(seen=(*state.seen, event.step)))


@pytest_asyncio.fixture
async def platform(settings: Settings, request: pytest.FixtureRequest) -> Platform:
    own = replace(settings, namespace=f"{settings.namespace}dlq{abs(hash(request.node.name)) % 10**6}")
    return (await errands_platform(own, *WORKS, note_steps))[0]


@pytest_asyncio.fixture
async def log(platform: Platform) -> AsyncIterator[Log]:
    async with Log(platform.settings, CATALOGUE, await platform.codec()) as log:
        yield log


async def wait_for(platform: Platform, processor: Processor, fits: Callable[[list[Waiting]], bool]) -> list[Waiting]:
    codec = await platform.codec()
    async with asyncio.timeout(60):
        while True:
            if fits(found := await waiting(platform, codec, processor)):
                return found
            await asyncio.sleep(0.3)


async def dlq(platform: Platform, *arguments: str) -> str:
    """`playlog dlq …` as an operator calls it; it must succeed."""
    answer = await asyncio.to_thread(CliRunner().invoke, cli, ["dlq", *arguments], obj=platform)
    assert answer.exit_code == 0, answer.output
    return answer.output


async def operators(platform: Platform) -> list[tuple[str, str, str]]:
    """What the log says that operators did."""
    tail = Tail(platform.settings, await platform.codec())
    events = [recorded.event async for recorded in tail.until_now(["operations"])]
    assert all(event.operator.startswith("uid-") for event in events if isinstance(event, OperatorActed))
    return [(event.subject, event.action, event.place) for event in events if isinstance(event, OperatorActed)]


async def test_a_task_is_tried_again_or_given_up(platform: Platform, log: Log) -> None:
    diary, stop = Diary(), asyncio.Event()
    worker = asyncio.create_task(run_works(platform, WORKS, {Diary: diary}, stop))
    await log.post_all([ParcelAsked(task_id=name, subject="lead") for name in ("one", "two")])
    found = await wait_for(platform, carry_parcel, lambda dead: len(dead) == 2)
    listed = await dlq(platform, "list")
    assert all(f"carry_parcel  {dead.place}" in listed for dead in found)
    assert "ValueError: too heavy" in listed
    shown = await dlq(platform, "show", "carry_parcel", found[0].place)
    assert "ParcelAsked" in shown
    assert "raise ValueError" in shown
    await dlq(platform, "drop", "carry_parcel", found[1].place)
    await dlq(platform, "replay", "carry_parcel", found[0].place)
    acted = await operators(platform)
    assert acted == [("carry_parcel", "drop", found[1].place), ("carry_parcel", "replay", found[0].place)]
    dropped = found[1].letter.record.key
    again = await wait_for(
        platform, carry_parcel, lambda dead: len(dead) == 1 and dead[0].place not in {d.place for d in found}
    )
    assert again[0].letter.record.key != dropped
    assert diary.tried.count("two" if dropped == b"two" else "one") == 4
    stop.set()
    await worker


async def test_a_fold_goes_on_with_what_was_parked(platform: Platform, log: Log) -> None:
    MOOD["sour"] = True
    stop = asyncio.Event()
    worker = asyncio.create_task(run(platform, [note_steps], stop))
    for step in range(4):
        await log.post(ErrandDone(subject="s", task_id="t", step=step))
    [dead] = await wait_for(platform, note_steps, lambda dead: bool(dead) and dead[0].parked == 2)
    assert dead.letter.error == "ValueError: not today"
    MOOD["sour"] = False
    async with resolver(platform) as resolving:
        await resolving.replay(dead.letter, note_steps)
    await wait_for(platform, note_steps, lambda dead: not dead)
    stop.set()
    await worker


async def given_up(platform: Platform, large: Letter) -> None:
    """Drop a task once the broker takes what it was just told to take; each try has a producer of its own."""
    async with asyncio.timeout(60):
        while True:
            try:
                async with resolver(platform) as resolving:
                    return await resolving.drop(large, carry_parcel)
            except MessageSizeTooLargeError:
                await asyncio.sleep(0.1)


async def test_a_large_task_can_be_given_up(platform: Platform) -> None:
    await Topics(platform.settings).apply(Plan(alter=[("carry_parcel-dlq", {"max.message.bytes": "8000000"})]))
    large = Letter("carry_parcel", "1", "dead", "errands", Record(0, 7, 0, b"t", bytes(2_000_000)), "", "")
    await given_up(platform, large)
    tail = Tail(platform.settings, await platform.codec())
    [told] = [record async for record in tail.until_now(["carry_parcel-dlq"])]
    assert (told.headers["fate"], len(told.record.value or b"")) == ("dropped", 2_000_000)


async def test_a_place_where_nothing_waits_is_said(platform: Platform) -> None:
    answer = await asyncio.to_thread(
        CliRunner().invoke, cli, ["dlq", "replay", "carry_parcel", "errands/0/7"], obj=platform
    )
    assert answer.exit_code == 2
    assert "carry_parcel-dlq has no letter waiting at errands/0/7" in answer.output
