"""One batch's changes to a partition's state, laid over its store until the transaction is through."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from streams.entry import (
    Entry,
    entry_key,
    id_prefix,
    parked_prefix,
    timers_of,
)
from streams.processor import State
from streams.record import Record, pack, unpack
from streams.store import Changes, Store
from streams.timers import Timers

NOTHING: Entry[Any] = Entry()
EntryDecoder = msgspec.msgpack.Decoder[Entry[Any]]


def entry_decoder(state: type[State] | None) -> EntryDecoder:
    """Reads the entries of a fold; fields that its state no longer has are ignored."""
    return msgspec.msgpack.Decoder(Entry[state or State])


class Draft:
    """Entries, accepted ids, parked records and timers as they stand after the records so far.

    Reading looks here first, then into the store. Nothing is written: `changes` and `index` say what to write.
    """

    def __init__(self, store: Store, decoder: EntryDecoder) -> None:
        self._store = store
        self._decoder = decoder
        self._entries: dict[str, Entry[Any] | None] = {}
        self._before: dict[str, bytes | None] = {}
        self._ids: dict[str, dict[bytes, bool]] = {}  # key: id: accepted or dropped
        self._parked: Changes = {}
        self.states: dict[str, State] = {}  # as last put, also those of keys forgotten since
        self.erased: dict[str, int] = {}  # keys whose fold has said that nothing is left, and at which offset last
        self.timers = Timers(store)

    def read(self, keys: Iterable[str]) -> None:
        """Fetch at once what is stored of the keys that a batch is about."""
        unread = [key for key in dict.fromkeys(keys) if key not in self._before]
        self._before |= zip(unread, self._store.get_many([entry_key(key) for key in unread]), strict=True)

    def entry(self, key: str) -> Entry[Any] | None:
        """What is known of a key, or None."""
        if key not in self._entries:
            if key not in self._before:  # a timer's, or a replay's
                self.read([key])
            raw = self._before[key]
            self._entries[key] = None if raw is None else self._decoder.decode(raw)
        return self._entries[key]

    def put(self, key: str, entry: Entry[Any]) -> None:
        """Replace what is known of a key; an empty entry is not kept."""
        raw = key.encode()
        self.timers.move(timers_of(raw, self.entry(key)), timers_of(raw, entry))
        self._entries[key] = None if entry == NOTHING else entry
        if entry.state is not None:
            self.states[key] = entry.state

    def drop(self, key: str) -> None:
        """Forget a key: its state, its timers and the ids it accepted; what is parked stays parked."""
        entry = self.entry(key) or NOTHING
        self.put(key, Entry(parked=entry.parked))
        prefix = id_prefix(key)
        ids = self._ids.setdefault(key, {})
        for stored, _ in self._store.scan(prefix):
            ids[stored[len(prefix) :]] = False
        for accepted in ids:
            ids[accepted] = False

    def erase(self, key: str, offset: int) -> None:
        """Forget a key whose fold says that nothing is left of it: nor is its row."""
        self.drop(key)
        self.states.pop(key, None)
        self.erased[key] = offset

    def accepted(self, key: str, event_id: str) -> bool:
        """Has the key accepted this event id?"""
        known = self._ids.get(key, {}).get(event_id.encode())
        if known is not None:
            return known
        return self._store.get(id_prefix(key) + event_id.encode()) is not None

    def accept(self, key: str, event_id: str) -> None:
        self._ids.setdefault(key, {})[event_id.encode()] = True

    def park(self, key: str, record: Record) -> None:
        """Keep a record behind the key's dead letter (or as the dead letter itself, if it is the first)."""
        entry = self.entry(key) or NOTHING
        number = max((n for n, _ in self.parked(key)), default=-1) + 1
        self._parked[parked_prefix(key) + number.to_bytes(8, "big")] = pack(record)
        self.put(key, msgspec.structs.replace(entry, parked=entry.parked + 1))

    def unpark(self, key: str, number: int) -> None:
        self._parked[parked_prefix(key) + number.to_bytes(8, "big")] = None
        entry = self.entry(key) or NOTHING
        self.put(key, msgspec.structs.replace(entry, parked=entry.parked - 1))

    def parked(self, key: str) -> list[tuple[int, Record]]:
        """The key's parked records in order, each with its number; the first is the dead letter."""
        prefix = parked_prefix(key)
        found: Changes = dict(self._store.scan(prefix))
        found |= {k: v for k, v in self._parked.items() if k.startswith(prefix)}
        return [(int.from_bytes(k[-8:], "big"), unpack(v)) for k, v in sorted(found.items()) if v is not None]

    def changes(self) -> Changes:
        """What the changelog is to be told: the entries that differ, the ids, the parked records."""
        changed: Changes = {}
        for key, entry in self._entries.items():
            raw = None if entry is None else msgspec.msgpack.encode(entry)
            if raw != self._before[key]:
                changed[entry_key(key)] = raw
        for key, ids in self._ids.items():
            prefix = id_prefix(key)
            changed |= {prefix + i: (b"" if on else None) for i, on in ids.items()}
        return changed | self._parked
