"""Events that a fold emits, as records: identity and time from the cause, causes in the headers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from streams.catalogue import Catalogue
from streams.codec import Codec
from streams.event import Event, natural_id
from streams.letters import Place
from streams.record import Headers, Outgoing

LARGEST = 4_000_000  # bytes of one event; the broker's message.max.bytes is 8 MiB, headers included


class Undeclared(TypeError):
    """A processor emitted an event that its declaration does not name."""


class TooLarge(ValueError):
    """An event does not fit into one Kafka record."""


class Cause(NamedTuple):
    """What events follow from: an event's id, its correlation id and its time (ms); `seed` makes their ids."""

    event_id: str
    correlation_id: str
    occurred_at: int
    seed: str
    traceparent: bytes | None = None


class Emission:
    """Turns the events of one partition's fold into records; the same cause gives the same bytes."""

    def __init__(
        self,
        place: Place,
        catalogue: Catalogue,
        codec: Codec,
        emits: Sequence[type[Event]],
    ) -> None:
        self._place = place
        self._topics = catalogue.topics
        self._codec = codec
        self._emits = tuple(emits)

    def records(self, events: Sequence[Event], cause: Cause, offset: int, index: int) -> list[Outgoing]:
        """Records of `events`; `index` counts what this source offset has emitted so far.

        Raises Undeclared, or ValueError where an event does not fit its schema.
        """
        return [self._record(event, cause, number, f"{offset}/{index + number}") for number, event in enumerate(events)]

    def _record(self, event: Event, cause: Cause, number: int, position: str) -> Outgoing:
        if not isinstance(event, self._emits):
            raise Undeclared(
                f"{self._place.processor} emitted {type(event).__name__}, which its declaration does not name\n"
                f"  mend:   emits=[{', '.join(e.__name__ for e in self._emits)}, {type(event).__name__}]"
            )
        named = msgspec.structs.replace(
            event,
            event_id=event.event_id or natural_id(cause.seed, self._place.processor, number),
            occurred_at=event.occurred_at or cause.occurred_at,
        )
        value = self._codec.encode(named)
        if len(value) > LARGEST:
            raise TooLarge(f"{type(event).__name__} takes {len(value)} bytes, a record holds {LARGEST}")
        return Outgoing(
            topic=event.topic,
            key=event.partition_key.encode(),
            value=value,
            headers=self._headers(named, cause, position),
            alone=self._topics[event.topic].share,
        )

    def _headers(self, event: Event, cause: Cause, position: str) -> Headers:
        place = self._place
        trace = (("traceparent", cause.traceparent),) if cause.traceparent else ()
        origin = f"{place.processor}/{place.topic}/0/{place.partition}/{position}"
        return (
            ("event-id", event.event_id.encode()),
            ("cause", origin.encode()),
            ("causation-id", cause.event_id.encode()),
            ("correlation-id", cause.correlation_id.encode()),
            ("version", place.version.encode()),
            *trace,
        )
