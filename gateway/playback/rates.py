"""How fast somebody may post: token buckets in bounded memory (GCRA, ITU-T I.371: one number a bucket)."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic


@dataclass
class Rate:
    """`per_second` in the long run, `burst` at once, for each key. Of `most` keys the longest unused is forgotten."""

    per_second: float
    burst: int
    most: int = 50_000
    clock: Callable[[], float] = monotonic
    _empty_at: OrderedDict[str, float] = field(default_factory=OrderedDict[str, float])  # when all is paid back

    def wait(self, key: str, cost: int = 1) -> int:
        """0, and the cost is taken; or the whole seconds until there is room, and nothing is taken.

        A cost above the burst passes where nothing is owed, and is paid back after.
        """
        now = self.clock()
        debt = max(0.0, self._empty_at.get(key, 0.0) - now) * self.per_second
        room = self.burst - min(cost, self.burst)
        if debt > room:
            return math.ceil((debt - room) / self.per_second)
        self._empty_at[key] = now + (debt + cost) / self.per_second
        self._empty_at.move_to_end(key)
        if len(self._empty_at) > self.most:
            self._empty_at.popitem(last=False)
        return 0
