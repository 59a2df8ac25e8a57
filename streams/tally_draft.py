"""One batch's changes to a tally's state, laid over its store until the transaction is through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import add
from typing import Any

import msgspec

from streams.once import last_of
from streams.record import Record, pack, unpack
from streams.store import Changes, Store

Group = tuple[Any, ...]  # the values of `by`
Sums = tuple[int, ...]  # what they come to, in the order of the tally's totals
GROUP = b"g"  # leads the keys of groups
SEEN = b"o"  # leads the keys under which it is kept which numbers of a key have been seen
SWEPT = 64  # keys looked at in a batch, at least
encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(list[Any]).decode
decode_group = msgspec.msgpack.Decoder(Group).decode


class TallyDraft:
    """Totals, seen numbers and dead letters as they stand after the records so far. Nothing is written."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.totals: dict[Group, Sums] = {}  # of the groups that have changed
        self._keys: dict[Group, bytes] = {}  # under which they are stored
        self._letters: Changes = {}
        self._swept: Changes = {}
        self._new = 0
        self.seen: dict[bytes, bytes | None] = {}  # by SEEN and key; what `note` made of it

    def add(self, groups: Sequence[Group], sums: Sequence[Sums]) -> None:
        """Add these sums to their groups, each named once."""
        unread = {group: GROUP + encode(group) for group in groups if group not in self.totals}
        self._keys |= unread
        for group, raw in zip(unread, self._store.get_many([*unread.values()]), strict=True):
            if raw is not None:
                self.totals[group] = total_in(raw)[1]
        totals = self.totals
        for group, added in zip(groups, sums, strict=True):
            before = totals.get(group)
            totals[group] = added if before is None else tuple(map(add, before, added))

    def read_seen(self, keys: Iterable[bytes]) -> None:
        """Make sure that `seen` has what is kept under each of these keys."""
        unread = [key for key in dict.fromkeys(keys) if key not in self.seen]
        for key, kept in zip(unread, self._store.get_many(unread), strict=True):
            self.seen[key] = kept
            self._new += kept is None

    def letter(self, offset: int) -> Record | None:
        """The dead letter of that offset, if it is neither replayed nor dropped."""
        key = _letter_key(offset)
        raw = self._letters[key] if key in self._letters else self._store.get(key)
        return None if raw is None else unpack(raw)

    def keep(self, record: Record) -> None:
        """Remember a dead letter."""
        self._letters[_letter_key(record.offset)] = pack(record)

    def settle(self, offset: int) -> None:
        """The dead letter of that offset has been replayed or dropped."""
        self._letters[_letter_key(offset)] = None

    def sweep(self, after: bytes, clock: int, forget_after: int) -> bytes:
        """Erase some of the keys past `after` that are forgotten; where to go on the next time.

        Twice as many are looked at as have come new: so those kept for nothing stay fewer than those that live.
        """
        stored = self._store.scan(SEEN, after)
        for _ in range(SWEPT + 2 * self._new):
            key, kept = next(stored, (b"", b""))
            if not key:
                return b""
            after = key
            if key not in self.seen and clock - last_of(kept) >= forget_after:
                self._swept[key] = None
        return after

    def changes(self, offset: int) -> Changes:
        """What the changelog is to be told of a batch that ends with this record.

        Of a group that is its sums, and the last record of the batch that changed them.
        """
        keys = self._keys
        totals: Changes = {keys[group]: encode((offset, sums)) for group, sums in self.totals.items()}
        return {**totals, **self.seen, **self._swept, **self._letters}


def total_in(raw: bytes) -> tuple[int, Sums]:
    """What is stored of a group: an offset, and its sums. Of an early form, sums alone, the row is written already."""
    first, *rest = decode(raw)
    return (first, tuple(rest[0])) if rest and isinstance(rest[-1], list) else (-1, (first, *rest))


def totals_since(store: Store, offset: int) -> dict[Group, Sums]:
    """The groups of a store that have changed after the record of this offset."""
    found = ((decode_group(key[1:]), *total_in(raw)) for key, raw in store.scan(GROUP))
    return {group: sums for group, changed, sums in found if changed > offset}


def _letter_key(offset: int) -> bytes:
    return b"l" + offset.to_bytes(8, "big")
