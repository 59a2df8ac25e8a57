"""Ending tasks for certain."""

from __future__ import annotations

import asyncio
from typing import Any

AGAIN = 5.0  # seconds a task gets to end before it is cancelled once more


async def end(*tasks: asyncio.Task[Any]) -> None:
    """Cancel `tasks` and return once all have ended, however they did.

    One cancellation is not enough for a task that loops: `asyncio.wait_for` of Python 3.11 and aiokafka's clients,
    while they connect, may swallow it (python/cpython#86296).
    """
    waiting = set(tasks)
    while waiting:
        for task in waiting:
            task.cancel()
        _, waiting = await asyncio.wait(waiting, timeout=AGAIN)
