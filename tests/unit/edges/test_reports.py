"""Given a log that is slow, away or strict, when a task reports, then its events stand there in the order told."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from aiokafka.errors import KafkaConnectionError, MessageSizeTooLargeError

from streams.context import Context
from streams.event import Event
from streams.in_memory import codec_of
from streams.record import Record
from streams.reports import Reports
from streams.settings import Settings
from tests.integration.edges.errand_works import run_errand
from tests.integration.edges.errands import CATALOGUE, ErrandDone

CODEC = codec_of(CATALOGUE)


@dataclass
class Shelf:
    """A log in memory: the larger a record, the longer it takes; some attempts find it away, too much is refused."""

    away: int = 0  # how many more attempts fail
    limit: int = 1_000_000
    kept: list[Event] = field(default_factory=list[Event])

    async def send_and_wait(self, topic: str, value: bytes, key: bytes, headers: list[tuple[str, bytes]]) -> None:
        away, self.away = self.away, max(0, self.away - 1)
        if away:
            raise KafkaConnectionError("the log is away")
        if len(value) > self.limit:
            raise MessageSizeTooLargeError
        for _ in range(len(value) // 100):
            await asyncio.sleep(0)
        self.kept.append(CODEC.decode(value))

    def steps(self) -> list[int]:
        return [event.step for event in self.kept if isinstance(event, ErrandDone)]


def reports(shelf: Shelf) -> Reports:
    context = Context(Settings(), CATALOGUE, CODEC, cast("Any", None), shelf, {}, "test")
    return Reports(context, run_errand, Record(0, 7, 0, b"t", b""))


def told(*sizes: int) -> list[ErrandDone]:
    return [
        ErrandDone(event_id=f"e{step}", subject="s", task_id="t", step=step, worker="x" * size)
        for step, size in enumerate(sizes)
    ]


async def test_a_small_event_does_not_overtake_a_large_one() -> None:
    shelf = Shelf()
    telling = reports(shelf)
    for event in told(5_000, 10, 9_000, 10):
        telling.add(event)
    await telling.confirm()
    assert shelf.steps() == [0, 1, 2, 3]


async def test_what_finds_the_log_away_is_sent_again_before_what_follows() -> None:
    shelf = Shelf(away=2)
    telling = reports(shelf)
    for event in told(10, 10, 10):
        telling.add(event)
    await telling.confirm()
    assert shelf.steps() == [0, 1, 2]


async def test_what_is_refused_for_good_ends_the_story_there_and_another_can_begin() -> None:
    shelf = Shelf(limit=1_000)
    telling = reports(shelf)
    for event in told(10, 5_000, 10):
        telling.add(event)
    with pytest.raises(MessageSizeTooLargeError):
        await telling.confirm()
    telling.add(told(10)[0])
    await telling.confirm()
    assert shelf.steps() == [0, 0]
