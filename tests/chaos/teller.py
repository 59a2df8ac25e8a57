"""A producer that knows what it has put into the log: the truth that an auditor holds everything against."""

from __future__ import annotations

import asyncio
import contextlib
import random
from typing import Self

from streams.event import natural_id
from streams.log import Log, LogDown, Overloaded
from tests.sample import Deposited

ACCOUNTS = 40
LOT = 30


def deposit(number: int) -> Deposited:
    """The `number`th deposit of all; those of an account are in order."""
    account, sequence = f"a{number % ACCOUNTS}", number // ACCOUNTS
    identity = natural_id("deposit", number)
    return Deposited(event_id=identity, account=account, amount=1 + number % 600, sequence=sequence)


class Teller:
    """Posts lots, some events twice, and every lot without an answer again, before the next.

    `count` deposits are in the log for good; no others are.
    """

    def __init__(self, log: Log, every: float = 0.2) -> None:
        """A lot `every` so many seconds."""
        self.count = 0
        self._log, self._every = log, every
        self._enough = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._enough.clear()
        self._task = asyncio.create_task(self._pour())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._enough.set()
        await self._task

    async def _pour(self) -> None:
        while not self._enough.is_set():
            lot = [deposit(number) for number in range(self.count, self.count + LOT)]
            await self._post([*lot, *(event for event in lot if random.random() < 0.1)])
            self.count += LOT
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._enough.wait(), self._every)

    async def _post(self, lot: list[Deposited]) -> None:
        while True:
            try:
                await self._log.post_all(lot)
                return
            except (LogDown, Overloaded):
                await asyncio.sleep(0.5)
