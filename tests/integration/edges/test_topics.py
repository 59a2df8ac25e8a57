"""Topics are made from the catalogue, kept as it says, and never repartitioned."""

from __future__ import annotations

from dataclasses import replace

import pytest

from streams.admin import Topics, TopicsError
from streams.catalogue import Catalogue
from streams.event import days
from streams.processor import State, Step, fold, view
from streams.settings import Settings
from streams.tables import Table
from tests.integration.edges.errands import CATALOGUE, ErrandDone
from tests.sample_workers import eventually

SEEN = Table("seen", key={"subject": "text"}, columns={})


class Counted(State, frozen=True, kw_only=True):
    steps: int = 0


@fold(reads=ErrandDone)
def count_steps(state: Counted, event: ErrandDone) -> Step[Counted]:
    return Step(Counted(steps=state.steps + 1))


@view(reads=ErrandDone, into=SEEN)
def show_seen(event: ErrandDone):
    return SEEN.put(subject=event.subject)


@pytest.fixture
def topics(settings: Settings, request: pytest.FixtureRequest) -> Topics:
    return Topics(replace(settings, namespace=f"{settings.namespace}topics{abs(hash(request.node.name)) % 10**6}"))


def changed(**fields: object) -> Catalogue:
    return Catalogue({**CATALOGUE.topics, "reports": replace(CATALOGUE.topics["reports"], **fields)}, CATALOGUE.schemas)


async def test_what_is_missing_is_made_once(topics: Topics) -> None:
    plan = await topics.plan(CATALOGUE, [count_steps, show_seen])
    assert {w.name: w.partitions for w in plan.create} == {
        "errands": 1, "reports": 4, "operations": 1,
        "count_steps-changelog": 4, "count_steps-dlq": 1, "show_seen-dlq": 1,
    }  # fmt: skip
    await topics.apply(plan)
    again = await topics.plan(CATALOGUE, [count_steps, show_seen])
    assert again.empty, again.lines()


async def test_retention_follows_the_catalogue(topics: Topics) -> None:
    await topics.apply(await topics.plan(CATALOGUE, []))
    shorter = changed(retention=days(3))
    plan = await topics.plan(shorter, [])
    assert plan.lines() == ["alter  reports: retention.ms=259200000"]
    await topics.apply(plan)

    async def followed() -> bool:  # the broker hears of it from the controller
        return (await topics.plan(shorter, [])).empty

    await eventually(followed)


async def test_no_broker_is_said_plainly(settings: Settings) -> None:
    with pytest.raises(TopicsError, match="does not answer"):
        await Topics(replace(settings, kafka="127.0.0.1:9")).plan(CATALOGUE, [])


async def test_partitions_are_added_where_nothing_hangs_on_them_and_only_when_asked(topics: Topics) -> None:
    await topics.apply(await topics.plan(CATALOGUE, []))
    larger = changed(partitions=12)
    plan = await topics.plan(larger, [])
    assert [line.split(" has ")[0] for line in plan.lines()] == ["grow   reports"]
    with pytest.raises(TopicsError, match="playlog topics apply --add-partitions"):
        await topics.apply(plan)
    await topics.apply(plan, add_partitions=True)
    assert (await topics.plan(larger, [])).empty


async def test_none_is_added_where_rows_or_state_hang_on_them(topics: Topics) -> None:
    await topics.apply(await topics.plan(CATALOGUE, [show_seen]))
    for reader in (show_seen, count_steps):
        plan = await topics.plan(changed(partitions=12), [reader])
        assert not plan.grow
        with pytest.raises(TopicsError, match=r"make topic reports-2 of 12, a fold that forwards"):
            await topics.apply(plan, add_partitions=True)


async def test_no_partition_is_taken_away(topics: Topics) -> None:
    await topics.apply(await topics.plan(CATALOGUE, []))
    with pytest.raises(TopicsError, match="Kafka takes no partition away"):
        await topics.apply(await topics.plan(changed(partitions=2), []), add_partitions=True)
