"""How a partition fares: what the health page, the metrics and `playlog status` tell."""

from __future__ import annotations

import time
from typing import Literal

import msgspec

NONE_YET = -1  # the number of the partition while its worker waits to start
Phase = Literal["opening", "running", "held", "waiting", "closed"]


class Health(msgspec.Struct):
    """One partition of one processor. `reason` says what holds it; `end` is the log's last stable offset."""

    processor: str
    topic: str
    partition: int
    phase: Phase = "opening"
    reason: str = ""
    position: int = 0
    end: int = 0
    events: int = 0
    dead_letters: int = 0
    moved_at: float = msgspec.field(default_factory=time.time)  # s since 1970: it came on, or had nothing to apply

    @property
    def age(self) -> float:
        """Of its committed offset: seconds in which it has not come on although there is something to do."""
        busy = self.phase in ("opening", "held") or (self.phase == "running" and self.lag > 0)
        return max(0.0, time.time() - self.moved_at) if busy else 0.0

    @property
    def lag(self) -> int:
        """Offsets not applied yet, transaction markers included."""
        return max(0, self.end - self.position)

    def held(self, reason: str) -> None:
        self.phase, self.reason = "held", reason

    def running(self) -> None:
        self.phase, self.reason = "running", ""

    def applied(self, events: int, position: int, dead: int) -> None:
        """A batch is through, possibly an empty one."""
        self.events += events
        self.dead_letters += dead
        if position != self.position or position >= self.end:
            self.moved_at = time.time()
        self.position = position
        self.running()
