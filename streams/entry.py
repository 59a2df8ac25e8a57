"""What a partition's store and its changelog hold, and under which keys.

k key          an Entry: the fold's state of a key, its timers, how many records are parked
i key id       an event id that the key has accepted
p key number   a record parked behind a dead letter
g group        the totals of a tally's group
o key          which numbered events of a key a tally has seen (`once.py`)
l offset       a dead letter of a tally, until it is replayed or dropped
a              Applied: how far the source has been applied
t due key kind a timer, in order of time; follows from the entries and is not in the changelog
h              from which offset on this version has taken over from its former one
s              which version has taken over from this one
m              the store's own checkpoint; not in the changelog
"""

from __future__ import annotations

from typing import Generic, NamedTuple, TypeVar

import msgspec

from streams.processor import State

S = TypeVar("S", bound=State)
APPLIED = b"a"
HANDED_OVER, SUPERSEDED = b"h", b"s"
META = b"m"
WAKE, FORGET = b"\x01", b"\x02"
CHANGELOGGED = (b"k", b"i", b"p", b"g", b"o", b"l", b"a", HANDED_OVER, SUPERSEDED)


class Entry(msgspec.Struct, Generic[S], frozen=True, omit_defaults=True):
    """All that is kept of one key. Times are ms of the partition's clock.

    `armed_by` is the (event id, correlation id) of the event that set the timer: what a Wake's events name as cause.
    """

    state: S | None = None
    wake_at: int | None = None
    forget_at: int | None = None
    parked: int = 0
    armed_by: tuple[str, str] | None = None


class Stamps(msgspec.Struct, frozen=True):
    """The timers of an entry, read without knowing the type of its state."""

    wake_at: int | None = None
    forget_at: int | None = None


class Applied(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far a partition has been applied, as its changelog says.

    `offset` is the last source offset applied, `clock` the greatest LogAppendTime seen, `failures` the weight
    of its dead letters (`letters.one_more`), `source` the id of the source topic (another id: the topic was made
    anew), `shown` the offset whose totals a tally's rows have come to.
    """

    offset: int = -1
    clock: int = 0
    failures: int = 0
    source: str = ""
    shown: int = -1


class Timer(NamedTuple):
    due: int
    key: str
    kind: bytes


def entry_key(key: str) -> bytes:
    return b"k" + key.encode()


def id_prefix(key: str) -> bytes:
    return b"i" + _framed(key)


def parked_prefix(key: str) -> bytes:
    return b"p" + _framed(key)


def timer_of(index_key: bytes) -> Timer:
    """The timer that this index key stands for."""
    return Timer(int.from_bytes(index_key[1:9], "big"), index_key[9:-1].decode(), index_key[-1:])


def timers_of(key: bytes, stamps: Entry[S] | Stamps | None) -> set[bytes]:
    """The index keys of the timers of a key's entry: they sort by time, then key."""
    found: set[bytes] = set()
    if stamps is not None:
        if stamps.wake_at is not None:
            found.add(b"t%b%b%b" % (stamps.wake_at.to_bytes(8, "big"), key, WAKE))
        if stamps.forget_at is not None:
            found.add(b"t%b%b%b" % (stamps.forget_at.to_bytes(8, "big"), key, FORGET))
    return found


def _framed(key: str) -> bytes:
    """The key behind its length: no key's prefix is the beginning of another's."""
    raw = key.encode()
    return len(raw).to_bytes(4, "big") + raw
