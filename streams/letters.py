"""Dead letters: what a processor could not apply, with its bytes, its place and the reason.

A letter's headers: `fate` (dead, parked, replayed or dropped), `processor`, `version`, `topic`, `partition`,
`offset`, `timestamp`, `schema` (its writer's id, where the bytes name one), `error`, `stack`, `wake` (for a timer),
and under `source-…` the headers of the record. Later letters about the same place say what became of it.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from typing import Literal

from streams.codec import Undecodable, wire_id
from streams.record import Headers, Outgoing, Record

Fate = Literal["dead", "parked", "replayed", "dropped"]
IN_A_ROW = 20
WEIGHT = 4  # events that must be applied for each that is rejected, or in the long run there are too many


class TooManyDeadLetters(RuntimeError):
    """So many events were rejected, in a row or of all, that the processor is to blame, not the events."""


@dataclass(frozen=True)
class Place:
    """Who reads what: the processor, its version, the topic (without the namespace) and the partition."""

    processor: str
    version: str
    topic: str
    partition: int


def letter(place: Place, record: Record, fate: Fate, error: BaseException | None = None) -> Outgoing:
    """The record for the processor's dead-letter topic: the original bytes and key."""
    return Outgoing(
        dead_letters(place.processor),
        record.key,
        record.value or b"",
        (*_place(place, record, fate), *_reason(error), *_sources(record)),
    )


def dead_letters(processor: str) -> str:
    """The name of a processor's dead-letter topic."""
    return f"{processor}-dlq"


def made_up(failures: int, events: int = 1) -> int:
    """What is left of the weight of rejected events, `failures`, after `events` were applied."""
    return max(0, failures - events)


def one_more(place: Place, failures: int, error: BaseException) -> int:
    """The weight of rejected events after one more; raises TooManyDeadLetters at 20 in a row, or one in five for long.

    The weight follows from the log alone: batches and restarts don't change when it is too much.
    """
    if failures + WEIGHT >= WEIGHT * IN_A_ROW:
        raise TooManyDeadLetters(
            f"{place.processor} rejected too many events on {place.topic}/{place.partition}, "
            f"{IN_A_ROW} in a row or more than one in {WEIGHT + 1} for long, "
            f"the last one with {type(error).__name__}: {error}\n"
            "  mend:   correct the processor and start it again; nothing has been skipped"
        ) from error
    return failures + WEIGHT


def _place(place: Place, record: Record, fate: Fate) -> Headers:
    wake = (("wake", str(record.wake).encode()),) if record.wake is not None else ()
    return (
        ("fate", fate.encode()),
        ("processor", place.processor.encode()),
        ("version", place.version.encode()),
        ("topic", place.topic.encode()),
        ("partition", str(record.partition).encode()),
        ("offset", str(record.offset).encode()),
        ("timestamp", str(record.timestamp).encode()),
        *_schema(record),
        *wake,
    )


def _schema(record: Record) -> Headers:
    try:
        return (("schema", str(wire_id(record.value)).encode()),)
    except Undecodable:
        return ()


def _reason(error: BaseException | None) -> Headers:
    if error is None:
        return ()
    stack = "".join(traceback.format_exception(error))
    return (
        ("error", f"{type(error).__name__}: {error}".encode(errors="replace")[:2000]),
        ("stack", stack.encode(errors="replace")[-8000:]),
    )


def _sources(record: Record) -> Headers:
    return tuple((f"source-{name}", value) for name, value in record.headers)
