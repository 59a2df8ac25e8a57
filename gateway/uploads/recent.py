"""The uploads this gateway has started moments ago: known at once, before the views show them."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from weakref import WeakValueDictionary

import msgspec

from schemas.uploads import UploadStarted

KEEP_SECONDS = 120
MOST = 10_000


@dataclass
class Recent:
    """Started uploads as rows of the uploads table. Bounded in time and number; losing one costs a short wait."""

    clock: Callable[[], float] = monotonic
    _rows: OrderedDict[str, tuple[float, dict[str, Any]]] = field(default_factory=OrderedDict)
    _locks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    def lock(self, owner: str) -> asyncio.Lock:
        """One start at a time an owner: quotas and keys are then checked against all earlier ones."""
        return self._locks.setdefault(owner, asyncio.Lock())

    def remember(self, started: UploadStarted) -> None:
        row = {**msgspec.to_builtins(started), "created_at": started.occurred_at, "state": "open"}
        self._rows[started.video_id] = (self.clock(), row)
        while self._rows and (len(self._rows) > MOST or self._oldest() < self.clock() - KEEP_SECONDS):
            self._rows.popitem(last=False)

    def row(self, video_id: str) -> dict[str, Any] | None:
        found = self._rows.get(video_id)
        return found[1] if found else None

    def of(self, owner: str) -> list[dict[str, Any]]:
        return [row for _, row in self._rows.values() if row["owner"] == owner]

    def _oldest(self) -> float:
        return next(iter(self._rows.values()))[0]
