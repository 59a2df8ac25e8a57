"""A task in hand is given up within seconds once its video is deleted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any, cast

import pytest

from processors.encoding import still_wanted as module
from processors.encoding.still_wanted import while_wanted
from streams.rows import Rows

pytestmark = pytest.mark.asyncio


class Encodes:
    """The table's one row, as it stands."""

    def __init__(self) -> None:
        self.state = "running"

    async def get(self, table: object, **key: str) -> dict[str, Any]:
        return {"state": self.state}


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


async def test_what_is_wanted_is_made_to_its_end() -> None:
    rows, making = cast(Rows, Encodes()), Making(endless=False)
    assert [made async for made in while_wanted(rows, "v", making.messages())] == [0, 1, 2]


@pytest.mark.parametrize("state", ["cancelled", "failed"])
async def test_what_is_no_longer_wanted_is_ended_while_it_is_made(state: str) -> None:
    encodes, making = Encodes(), Making(endless=True)
    seen: list[int] = []
    async with asyncio.timeout(60):
        async for made in while_wanted(cast(Rows, encodes), "v", making.messages()):
            seen.append(made)
            encodes.state = state if made == 2 else "running"
    assert (seen, making.ended) == ([0, 1, 2], True)
