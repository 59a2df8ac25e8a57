"""A record as the engine sees it: position, broker's time, raw bytes; and the control records that only move time."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

TICK = "tick"  # moves the partition's clock
REPLAY = "replay"  # value: the processor that tries its dead letter again
DROP = "drop"  # value: the processor that gives its dead letter up
KEY = "key"  # value: the key that a replay or drop is about
LETTER = "letter"  # value: a parked Record in MessagePack: the dead letter of a view

Headers = tuple[tuple[str, bytes], ...]


class Record(msgspec.Struct, frozen=True, array_like=True):
    """One record of a partition. `timestamp` is the broker's LogAppendTime in ms; `value` None is a control record.

    `wake` is set on what was parked or rejected as a timer: the due time in ms; such a record has no value.
    """

    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    wake: int | None = None

    def header(self, name: str) -> bytes | None:
        """The first header of that name."""
        return next((value for key, value in self.headers if key == name), None)

    def text(self, name: str) -> str:
        """A header as text, empty where it is missing."""
        return (self.header(name) or b"").decode(errors="replace")


class Outgoing(NamedTuple):
    """A record to be written: `topic` without the namespace; `alone` asks for a producer batch of its own."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers
    alone: bool = False


def verb_of(record: Record, processor: str) -> str | None:
    """REPLAY or DROP where the record is that and meant for the processor."""
    return next((verb for verb in (REPLAY, DROP) if record.text(verb) == processor), None)


def pack(record: Record) -> bytes:
    """A record in MessagePack, as it is parked and replayed."""
    return msgspec.msgpack.encode(record)


def unpack(data: bytes) -> Record:
    """The parked record in `data`; raises ValueError where it is none."""
    return msgspec.msgpack.decode(data, type=Record)
