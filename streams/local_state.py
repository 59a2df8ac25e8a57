"""A fold's local store, tied to the changelog that it copies: what does not match is thrown away."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable
from pathlib import Path

import msgspec

from streams.entry import APPLIED, CHANGELOGGED, META, Applied, Stamps, timers_of
from streams.rocks import open_rocks
from streams.store import Changes, Store

STALE = 12 * 3600  # seconds; tombstones are compacted away after a day, and a copy that missed one keeps ghosts


class Meta(msgspec.Struct, frozen=True):
    """`changelog` is the changelog topic's id, `checkpoint` the offset to go on reading it from."""

    changelog: str
    checkpoint: int
    written_at: float


class LocalState:
    """A store and how much of its changelog is in it."""

    def __init__(self, store: Store, changelog: str) -> None:
        self.store = store
        self._changelog = changelog

    @classmethod
    def open(cls, folder: Path, changelog: str) -> LocalState:
        """The store under `folder`; emptied where it copies another changelog, or has been away too long."""
        store, path = open_rocks(folder)
        raw = store.get(META)
        meta = None if raw is None else msgspec.msgpack.decode(raw, type=Meta)
        if meta and (meta.changelog != changelog or time.time() - meta.written_at > STALE):
            store.close()
            shutil.rmtree(path)
            store, _ = open_rocks(folder)
        return cls(store, changelog)

    @property
    def checkpoint(self) -> int:
        raw = self.store.get(META)
        return 0 if raw is None else msgspec.msgpack.decode(raw, type=Meta).checkpoint

    @property
    def applied(self) -> Applied:
        raw = self.store.get(APPLIED)
        return Applied() if raw is None else msgspec.msgpack.decode(raw, type=Applied)

    def write(self, changelog: Changes, index: Changes, checkpoint: int) -> None:
        """Take over a batch whose transaction is through; `checkpoint` is the changelog's offset after it."""
        meta = msgspec.msgpack.encode(Meta(self._changelog, checkpoint, time.time()))
        self.store.write({**changelog, **index, META: meta})

    def recover(self, pairs: Iterable[tuple[bytes, bytes | None]], checkpoint: int) -> None:
        """Take over changelog records in order, up to `checkpoint`; the index of timers follows from them."""
        changes = {key: value for key, value in pairs if key[:1] in CHANGELOGGED}
        index: Changes = {}
        for key, value in changes.items():
            if key[:1] == b"k":
                name = key[1:].decode()
                old, new = (timers_of(name, _stamps(raw)) for raw in (self.store.get(key), value))
                index |= dict.fromkeys(old - new) | dict.fromkeys(new - old, b"")
        self.write(changes, index, checkpoint)

    def close(self) -> None:
        self.store.close()


def _stamps(raw: bytes | None) -> Stamps | None:
    return None if raw is None else msgspec.msgpack.decode(raw, type=Stamps)
