"""From a record's bytes to an event and its cause; a fired timer reads as a Wake."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from streams.codec import Codec
from streams.emission import Cause
from streams.entry import Entry
from streams.event import Event, Wake, natural_id
from streams.record import Record


class Misplaced(ValueError):
    """A record's key is not its event's key: it may lie in another partition than its state."""


@dataclass(frozen=True)
class Reading:
    """`event_id` is empty for a Wake, which no set of accepted ids holds."""

    key: str
    event: Event | Wake
    event_id: str
    cause: Cause


def read(codec: Codec, record: Record, entry: Entry[Any]) -> Reading:
    """The event in a record, or the Wake that it stands for; raises Undecodable or Misplaced."""
    if record.wake is not None:
        return _wake(record, record.wake, entry)
    event = codec.decode(record.value)
    key = key_of(event, record)
    event_id = event.event_id or natural_id(record.partition, record.offset, key)
    cause = Cause(
        event_id=event_id,
        correlation_id=record.text("correlation-id") or event_id,
        occurred_at=record.timestamp,
        seed=event_id,
        traceparent=record.header("traceparent"),
    )
    return Reading(key, event, event_id, cause)


def key_of(event: Event, record: Record) -> str:
    """The event's key; raises Misplaced where the record has another."""
    key = str(event.partition_key)
    if record.key is not None and record.key != key.encode():
        raise Misplaced(
            f"the record's key is {record.key!r}, but {type(event).__name__}.{event.key_field} is {key!r}\n"
            "  mend:   produce it with its key"
        )
    return key


def _wake(record: Record, at: int, entry: Entry[Any]) -> Reading:
    key = (record.key or b"").decode()
    armed_by, correlation = entry.armed_by or ("", key)
    seed = natural_id("wake", armed_by, key, at, record.offset)
    cause = Cause(armed_by, correlation, record.timestamp, seed)
    return Reading(key, Wake(key=key, at=at), "", cause)
