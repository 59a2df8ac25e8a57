"""One reading for all who ask at about the same time: what a thousand pages watch is read a few times a second."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")
MOST = 1_000


@dataclass
class Briefly(Generic[T]):
    """Answers by key, at most `seconds` old; of `most` the longest unread is forgotten."""

    seconds: float
    most: int = MOST
    clock: Callable[[], float] = monotonic
    _kept: OrderedDict[Hashable, tuple[float, T]] = field(default_factory=OrderedDict)
    _reading: dict[Hashable, asyncio.Task[T]] = field(default_factory=dict)

    async def of(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        """What was read a moment ago, or is being read; else `read` anew. Raises what `read` raises."""
        kept = self._kept.get(key)
        if kept and self.clock() < kept[0] + self.seconds:
            return kept[1]
        if key not in self._reading:
            self._reading[key] = asyncio.create_task(self.anew(key, read))
            self._reading[key].add_done_callback(lambda _: self._reading.pop(key, None))
        return await asyncio.shield(self._reading[key])

    async def anew(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        """Read, whatever is known: for who waits for their own write. What was begun later stays."""
        begun = self.clock()
        found = await read()
        if key not in self._kept or self._kept[key][0] <= begun:
            self._kept[key] = (begun, found)
            self._kept.move_to_end(key)
        if len(self._kept) > self.most:
            self._kept.popitem(last=False)
        return found
