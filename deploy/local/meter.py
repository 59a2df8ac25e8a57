"""Count what downloads bring in, and tell about it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

TELL_EVERY_BYTES = 1_000_000


class Meter:
    """How far the `files` of one server are; used by many threads."""

    def __init__(self, files: int, progress: Callable[[str], None]) -> None:
        self._files, self._progress = files, progress
        self._lock = threading.Lock()
        self._done = self._bytes = self._told = 0

    def file_done(self) -> None:
        with self._lock:
            self._done += 1
            self._tell()

    @contextmanager
    def receiving(self, filename: str, size: int) -> Iterator[Callable[[int], None]]:
        """What jgo asks for: a context that hands out a function to call with each piece's size."""
        yield self._received

    def _received(self, size: int) -> None:
        with self._lock:
            self._bytes += size
            if self._bytes - self._told > TELL_EVERY_BYTES:
                self._tell()

    def _tell(self) -> None:
        self._told = self._bytes
        self._progress(f"fetching {self._done}/{self._files} files, {self._bytes / 1e6:.0f} MB")
