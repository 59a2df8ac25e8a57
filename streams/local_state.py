"""A fold's local store, tied to the changelog that it copies: what does not match is thrown away."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

import msgspec

from streams.entry import APPLIED, CHANGELOGGED, META, Applied, Stamps, timers_of
from streams.rocks import open_rocks
from streams.store import Changes, MemoryStore, Store

LOT = 10_000  # entries whose timers are written together
STAMPS = msgspec.msgpack.Decoder(Stamps)
STALE = 12 * 3600  # seconds; tombstones are compacted away after a day, and a copy that missed one keeps ghosts


class Meta(msgspec.Struct, frozen=True):
    """`changelog` is the changelog topic's id, `checkpoint` the offset to go on reading it from.

    `indexed` says that the index of timers is there: a copy that begins from nothing gets it last.
    """

    changelog: str
    checkpoint: int
    written_at: float
    indexed: bool = True


class LocalState:
    """A store and how much of its changelog is in it."""

    def __init__(self, store: Store, changelog: str, folder: Path | None = None) -> None:
        self.store = store
        self._changelog = changelog
        self._folder = folder

    @classmethod
    def open(cls, folder: Path | None, changelog: str) -> LocalState:
        """The store under `folder`; emptied where it copies another changelog, or has been away too long.

        Without a folder it is in memory, and empty.
        """
        if folder is None:
            return cls(MemoryStore(), changelog)
        state = cls(*_opened(folder, changelog))
        if state.meta.changelog != changelog or state.age > STALE:
            state.discard()
            state = cls(*_opened(folder, changelog))
        return state

    @property
    def meta(self) -> Meta:
        raw = self.store.get(META)
        return Meta(self._changelog, 0, 0.0, indexed=False) if raw is None else msgspec.msgpack.decode(raw, type=Meta)

    @property
    def age(self) -> float:
        """Seconds since it was written to; 0 where it never was."""
        return time.time() - (self.meta.written_at or time.time())

    @property
    def checkpoint(self) -> int:
        return self.meta.checkpoint

    @property
    def applied(self) -> Applied:
        raw = self.store.get(APPLIED)
        return Applied() if raw is None else msgspec.msgpack.decode(raw, type=Applied)

    def write(self, changelog: Changes, index: Changes, checkpoint: int) -> None:
        """Take over a batch whose transaction is through; `checkpoint` is the changelog's offset after it."""
        self._write({**changelog, **index}, checkpoint)

    def recover(self, records: Changes, checkpoint: int) -> None:
        """Take over what the changelog says up to `checkpoint`: of each key the last.

        The index of timers follows from it, unless it is made at the end (`index`).
        """
        changes = {key: value for key, value in records.items() if key[:1] in CHANGELOGGED}
        indexed = self.meta.indexed
        self._write(changes | (self._timers(changes) if indexed else {}), checkpoint, indexed)

    def index(self) -> Iterator[None]:
        """Make the index of timers if it is not there, lot by lot: a third of the cost of keeping it on the way.

        Nothing is lost where this is interrupted: it begins anew, after what the changelog has brought meanwhile.
        """
        meta = self.meta
        if meta.indexed:
            return
        self._write(dict.fromkeys(key for key, _ in self.store.scan(b"t")), meta.checkpoint, indexed=False)
        last = b""
        while lot := list(islice(self.store.scan(b"k", last), LOT)):
            timers = [timer for key, raw in lot for timer in _timers(key, raw)]
            self._write(dict.fromkeys(timers, b""), meta.checkpoint, indexed=False)
            last = lot[-1][0]
            yield
        self._write({}, meta.checkpoint)

    def _timers(self, changes: Changes) -> Changes:
        """What changes in the index of timers where these entries do."""
        keys = [key for key in changes if key[:1] == b"k"]
        index: Changes = {}
        for key, before in zip(keys, self.store.get_many(keys), strict=True):
            old, new = _timers(key, before), _timers(key, changes[key])
            index |= dict.fromkeys(old - new) | dict.fromkeys(new - old, b"")
        return index

    def _write(self, changes: Changes, checkpoint: int, indexed: bool = True) -> None:
        meta = msgspec.msgpack.encode(Meta(self._changelog, checkpoint, time.time(), indexed))
        self.store.write({**changes, META: meta})

    def close(self) -> None:
        self.store.close()

    def discard(self) -> None:
        """Close it, and leave nothing of it on the disk."""
        self.close()
        if self._folder is not None:
            with suppress(FileNotFoundError):
                shutil.rmtree(self._folder)


def _opened(folder: Path, changelog: str) -> tuple[Store, str, Path]:
    store, path = open_rocks(folder)
    return store, changelog, path


def _timers(key: bytes, raw: bytes | None) -> set[bytes]:
    return set() if raw is None else timers_of(key[1:], STAMPS.decode(raw))
