"""A partition makes its next batch ready while the last one is applied, and no more than that one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from aiokafka.errors import KafkaError
from faust.types import TP

from streams.group import Pull
from streams.health import Health
from streams.partition import Partition
from streams.record import Record

BATCHES = 4


class Endless:
    """A log of one record a pull; how many have been pulled."""

    def __init__(self) -> None:
        self.position = 0

    async def pull(self, tp: TP, timeout: float, limit: int) -> Pull:
        begin, self.position = self.position, self.position + 1
        return Pull(begin, [Record(0, begin, 0, b"key", b"value")], self.position, 1_000)

    async def seek_now(self, tp: TP, offset: int) -> int:
        self.position = offset
        return offset

    def hint(self, tp: TP, offset: int) -> None:
        """Nobody looks at lag."""


class Slow(Partition):
    """Its commits take until the event loop has nothing else to do. What happens is written down."""

    def __init__(self, fails_once_at: int | None = None) -> None:
        self.told: list[str] = []
        self.applied = -1
        self._fails_at = fails_once_at
        self.failed: list[BaseException] = []
        super().__init__(TP("log", 0), Endless(), Health("slow", "log", 0), self.failed.append)

    async def _open(self) -> int:
        return self.applied + 1

    async def _ready(self, raw: Sequence[Any]) -> Sequence[Record]:
        self.told.append(f"ready {raw[0].offset}")
        return raw

    async def _apply(self, records: Sequence[Record]) -> int:
        offset = records[0].offset
        self.told.append(f"apply {offset}")
        await asyncio.sleep(0.02)
        if offset == self._fails_at:
            self._fails_at = None
            raise KafkaError("the broker is away")
        self.applied = offset
        self.told.append(f"applied {offset}")
        if offset == BATCHES:
            self._closing.set()
        return 0

    async def _release(self) -> None:
        self.told.append("released")

    async def _idle(self) -> None:
        """It never is."""


async def ended(partition: Slow) -> list[str]:
    partition.start()
    assert partition._task is not None
    await asyncio.wait_for(partition._task, 60)
    assert not partition.failed
    return partition.told


async def test_the_next_batch_is_made_ready_while_the_last_one_commits_and_no_further() -> None:
    told = await ended(Slow())
    for offset in range(BATCHES):
        applying = told[told.index(f"apply {offset}") : told.index(f"applied {offset}")]
        assert applying[1:] == [f"ready {offset + 1}"]


async def test_what_was_ready_behind_a_failure_is_forgotten_and_drawn_again() -> None:
    told = await ended(Slow(fails_once_at=2))
    assert [line for line in told if line.startswith("applied")] == [f"applied {n}" for n in range(BATCHES + 1)]
    assert told[told.index("released") + 1] == "ready 2"
