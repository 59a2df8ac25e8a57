"""One refresh of the index for all who ask for one at about the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import monotonic

APART = 0.2  # seconds; as often as OpenSearch refreshes of itself


@dataclass
class Refreshes:
    """One at a time, and one begun every `apart` seconds at most: a caller that is alone does not wait."""

    apart: float = APART
    clock: Callable[[], float] = monotonic
    _free_at: float = 0.0  # when the next may begin
    _running: asyncio.Lock = field(default_factory=asyncio.Lock)
    _coming: asyncio.Task[None] | None = None  # has not begun yet

    async def one(self, refresh: Callable[[], Awaitable[object]]) -> None:
        """Return when a refresh has ended that began after this call; raises what `refresh` raises."""
        if self._coming is None:
            self._coming = asyncio.create_task(self._next(refresh))
        await asyncio.shield(self._coming)

    async def _next(self, refresh: Callable[[], Awaitable[object]]) -> None:
        async with self._running:
            await asyncio.sleep(max(0.0, self._free_at - self.clock()))
            self._coming = None
            self._free_at = self.clock() + self.apart
            await refresh()
