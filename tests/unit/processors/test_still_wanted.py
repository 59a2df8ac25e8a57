"""A task in hand is given up within seconds once its video is deleted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any, cast

import pytest

from processors.encoding import still_wanted as module
from processors.encoding.still_wanted import Task, wanted, while_wanted
from streams.rows import Rows


class Encodes:
    """The table's one row, as it stands."""

    def __init__(self) -> None:
        self.state = "running"

    async def get(self, table: object, **key: str) -> dict[str, Any]:
        return {"encode_id": "e", "state": self.state}


@dataclass(frozen=True)
class Rung:
    name: str


@dataclass(frozen=True)
class Chunk:
    """A task."""

    video_id: str = "v"
    encode_id: str = "e"
    rungs: tuple[Rung, ...] = (Rung("360p-av1"), Rung("720p-av1"))


TASK: Task = Chunk()
NEXT: Task = Chunk(encode_id="next")


class Making:
    """Makes three things at once, or something that is never done."""

    def __init__(self, endless: bool) -> None:
        self._endless, self.ended = endless, False

    async def messages(self) -> AsyncGenerator[int]:
        try:
            for number in range(3):
                yield number
            if self._endless:
                await asyncio.Event().wait()
        finally:
            self.ended = True


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EVERY_S", 0.01)


@pytest.mark.asyncio
async def test_what_is_wanted_is_made_to_its_end() -> None:
    rows, making = cast(Rows, Encodes()), Making(endless=False)
    assert [made async for made in while_wanted(rows, TASK, making.messages())] == [0, 1, 2]


@pytest.mark.asyncio
@pytest.mark.parametrize("state", ["cancelled", "failed"])
async def test_what_is_no_longer_wanted_is_ended_while_it_is_made(state: str) -> None:
    encodes, making = Encodes(), Making(endless=True)
    seen: list[int] = []
    async with asyncio.timeout(60):
        async for made in while_wanted(cast(Rows, encodes), TASK, making.messages()):
            seen.append(made)
            encodes.state = state if made == 2 else "running"
    assert (seen, making.ended) == ([0, 1, 2], True)


@pytest.mark.parametrize(
    ("row", "task", "wished"),
    [
        ({"state": "completed"}, TASK, True),
        ({"state": "completed", "dropped": ["720p-av1"]}, TASK, True),
        ({"state": "completed", "dropped": ["720p-av1"], "trimmed": ["360p-av1"]}, TASK, False),
        ({"state": "completed", "dropped": ["720p-av1", "360p-av1"]}, NEXT, True),
        ({"state": "completed", "next_encode_id": "next", "next_state": "running"}, NEXT, True),
        ({"state": "completed", "next_encode_id": "next", "next_state": "failed"}, NEXT, False),
        ({"state": "cancelled", "next_encode_id": "next", "next_state": "running"}, NEXT, False),
    ],
)
def test_a_task_is_wanted_while_its_encode_goes_on_and_something_of_it_will_be_listed(
    row: dict[str, Any], task: Task, wished: bool
) -> None:
    assert wanted({"encode_id": "e", **row}, task) is wished
