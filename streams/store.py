"""Where a partition's state lies between batches: an ordered map of bytes, written atomically."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from sortedcontainers import SortedDict

Changes = dict[bytes, bytes | None]  # None deletes


class Store(Protocol):
    """A partition's local copy of its changelog. Losing it loses nothing: it is built again from there."""

    def get(self, key: bytes) -> bytes | None: ...

    def get_many(self, keys: list[bytes]) -> list[bytes | None]: ...

    def scan(self, prefix: bytes, after: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        """Pairs whose key begins with `prefix` and is greater than `after`, in the order of the keys.

        The store must not change meanwhile.
        """
        ...

    def write(self, changes: Mapping[bytes, bytes | None]) -> None:
        """Write all or nothing; None deletes."""
        ...

    def close(self) -> None: ...


class MemoryStore:
    """A store without a disk: all of it comes from the changelog again whenever its partition is opened."""

    def __init__(self) -> None:
        self._data: Any = SortedDict()

    def get(self, key: bytes) -> bytes | None:
        return self._data.get(key)

    def get_many(self, keys: list[bytes]) -> list[bytes | None]:
        return [self._data.get(key) for key in keys]

    def scan(self, prefix: bytes, after: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        for key in self._data.irange(max(prefix, after)):
            if not key.startswith(prefix):
                return
            if key != after:
                yield key, self._data[key]

    def write(self, changes: Mapping[bytes, bytes | None]) -> None:
        for key, value in changes.items():
            if value is None:
                self._data.pop(key, None)
            else:
                self._data[key] = value

    def close(self) -> None:
        """Nothing to let go of."""
