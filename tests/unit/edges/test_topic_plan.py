"""Topics follow from the catalogue and the processors; a process takes all kinds of a topic's tasks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from streams.event import Event
from streams.platform import Platform
from streams.processor import ProcessorError, work
from streams.settings import Settings
from streams.tasks import by_topic
from streams.topic_plan import Plan, wanted_topics
from tests.integration.edges.errands import CATALOGUE, CLASSES, ErrandAsked, ErrandDone, ParcelAsked

PLATFORM = Platform(Path(), Settings(), CATALOGUE, CLASSES, ())


@work(reads=ErrandAsked, emits=ErrandDone)
async def run_errand(task: ErrandAsked) -> AsyncIterator[Event]:
    return
    yield


@work(reads=ParcelAsked, emits=ErrandDone)
async def carry_parcel(task: ParcelAsked) -> AsyncIterator[Event]:
    return
    yield


@work(reads=ParcelAsked, emits=ErrandDone)
async def drop_parcel(task: ParcelAsked) -> AsyncIterator[Event]:
    return
    yield


def test_topics_are_kept_and_compacted_as_the_catalogue_says() -> None:
    compact = replace(CATALOGUE, topics={"reports": replace(CATALOGUE.topics["reports"], compact=True)})
    [reports, letters] = wanted_topics(compact, [run_errand])
    day = str(24 * 3600 * 1000)
    assert reports.config == {"retention.ms": "-1", "cleanup.policy": "compact", "max.compaction.lag.ms": day}
    assert (letters.name, letters.partitions, letters.config) == ("run_errand-dlq", 1, {"retention.ms": "-1"})


def test_an_empty_plan_says_nothing() -> None:
    assert Plan().empty
    assert Plan().lines() == []


def test_each_kind_of_task_has_one_work() -> None:
    assert by_topic(PLATFORM, [run_errand, carry_parcel]) == {
        "errands": {ErrandAsked: run_errand, ParcelAsked: carry_parcel}
    }
    with pytest.raises(ProcessorError, match="both take ParcelAsked"):
        by_topic(PLATFORM, [run_errand, carry_parcel, drop_parcel])
    with pytest.raises(ProcessorError, match="holds ErrandAsked, which none of these works takes: carry_parcel"):
        by_topic(PLATFORM, [carry_parcel])


def test_tasks_are_in_topics_of_their_own() -> None:
    plain = {name: replace(topic, share=False) for name, topic in CATALOGUE.topics.items()}
    platform = replace(PLATFORM, catalogue=replace(CATALOGUE, topics=plain))
    with pytest.raises(
        ProcessorError, match=r"(?s)carry_parcel, run_errand would take tasks from errands.*share: true"
    ):
        by_topic(platform, [run_errand, carry_parcel])
