"""How fast viewers' time goes, and that it ends."""

from __future__ import annotations

import asyncio
from contextlib import suppress


class Pace:
    """`speed`: how much faster than a clock viewers watch."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._over = asyncio.Event()

    async def pause(self, seconds: float) -> None:
        """So long by the viewers' clock; not at all once the day is over."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._over.wait(), max(0.0, seconds / self._speed))

    def end(self) -> None:
        """From now on nobody waits."""
        self._over.set()
