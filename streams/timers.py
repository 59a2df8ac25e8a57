"""The timers of a partition during one batch: what the store holds, with the batch's own changes over it."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

from streams.entry import Timer, timer_of
from streams.store import Changes, Store


class Timers:
    """Timers in order of (due, key). Cheap while nothing is due: the store is read up to the first timer only."""

    def __init__(self, store: Store) -> None:
        self._stored = (key for key, _ in store.scan(b"t"))
        self._next_stored = next(self._stored, None)
        self._added: list[bytes] = []
        self._live: dict[bytes, bool] = {}  # what this batch set (True) or took away

    def move(self, old: set[bytes], new: set[bytes]) -> None:
        """Replace a key's timers (as index keys)."""
        for index_key in old - new:
            self._live[index_key] = False
        for index_key in new - old:
            self._live[index_key] = True
            heapq.heappush(self._added, index_key)

    def first(self) -> int | None:
        """When the next timer is due."""
        head = self._head()
        return None if head is None else timer_of(head).due

    def due(self, clock: int) -> Iterator[Timer]:
        """Take the timers due at `clock` (ms), in order; one set meanwhile waits for the next record."""
        snapshot: list[bytes] = []
        while (head := self._head()) is not None and timer_of(head).due <= clock:
            self._skip(head)
            if snapshot[-1:] != [head]:
                snapshot.append(head)
        for index_key in snapshot:
            if self._live.get(index_key, True):
                yield timer_of(index_key)

    def index(self) -> Changes:
        """What the batch changed in the store's index."""
        return {key: (b"" if live else None) for key, live in self._live.items()}

    def _head(self) -> bytes | None:
        while self._next_stored is not None and not self._live.get(self._next_stored, True):
            self._next_stored = next(self._stored, None)
        while self._added and not self._live.get(self._added[0], False):
            heapq.heappop(self._added)
        heads = [self._next_stored] if self._next_stored is not None else []
        return min([*heads, *self._added[:1]], default=None)

    def _skip(self, index_key: bytes) -> None:
        if index_key == self._next_stored:
            self._next_stored = next(self._stored, None)
        if self._added and index_key == self._added[0]:
            heapq.heappop(self._added)
