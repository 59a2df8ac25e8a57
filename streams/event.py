"""What an event is to the engine: a typed record that knows its topic, its key and its identity."""

from __future__ import annotations

import hashlib
import uuid
from typing import ClassVar

import msgspec

NAMESPACE = uuid.UUID("6c1f0f0e-1e5b-5d7e-9a55-706c61796c6f")  # fixed for ever: every derived id depends on it


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the records generated from `schemas/`.

    `event_id` (a UUID's text) and `occurred_at` (ms since 1970, UTC) may be left empty by a processor: the
    engine fills them from the cause, so that a replay gives the same ids.
    """

    topic: ClassVar[str]
    key_field: ClassVar[str]

    event_id: str = ""
    occurred_at: int = 0

    @property
    def partition_key(self) -> str:
        """The value of the topic's key field: what the event is ordered by."""
        return getattr(self, self.key_field)


class Wake(msgspec.Struct, frozen=True, kw_only=True):
    """A fold's timer has come due: handed to the fold like an event of its key. `at` is the due time in ms."""

    key: str
    at: int


class Tombstone(msgspec.Struct, frozen=True):
    """Emitted in place of an event of a compacted topic: what stands under this key is erased from the topic.

    A record of that key without a value; readers pass it over.
    """

    of: type[Event]
    key: str


def natural_id(*parts: object) -> str:
    """A UUID5 of what names a fact (task, rung, segment): the same however often and in what order it is made."""
    name = "\x1f".join(map(str, parts))
    digest = hashlib.sha1(NAMESPACE.bytes + name.encode(), usedforsecurity=False).hexdigest()
    variant = "89ab"[int(digest[16], 16) & 3]  # as `uuid.uuid5`, in a third of its time: it is made for every event
    return f"{digest[:8]}-{digest[8:12]}-5{digest[13:16]}-{variant}{digest[17:20]}-{digest[20:32]}"


def made_at(uuid7: str) -> int:
    """When an id was made: ms since 1970, the first 48 bits of a UUIDv7 (RFC 9562, section 5.7).

    Raises ValueError for what is no UUID.
    """
    return uuid.UUID(uuid7).int >> 80


def seconds(n: float) -> int:
    """`n` seconds in milliseconds, the engine's unit of time."""
    return round(n * 1000)


def minutes(n: float) -> int:
    return seconds(n * 60)


def hours(n: float) -> int:
    return minutes(n * 60)


def days(n: float) -> int:
    return hours(n * 24)
