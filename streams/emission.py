"""Events that a fold emits, as records: identity and time from the cause, causes in the headers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from streams.catalogue import Catalogue
from streams.codec import Codec
from streams.event import Event, Tombstone, natural_id
from streams.letters import Place
from streams.record import Headers, Outgoing

LARGEST = 4_000_000  # bytes of one event; the broker's message.max.bytes is 8 MiB, headers included


class Undeclared(TypeError):
    """A processor emitted an event that its declaration does not name, or erased from a topic that keeps all."""


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

    def records(self, events: Sequence[Event | Tombstone], cause: Cause, offset: int, index: int) -> list[Outgoing]:
        """Records of `events`; `index` counts what this source offset has emitted so far.

        Raises Undeclared, or ValueError where an event does not fit its schema.
        """
        places = [f"{offset}/{index + number}" for number in range(len(events))]
        return [
            self._erasure(event, cause, place)
            if isinstance(event, Tombstone)
            else self._record(event, cause, number, place)
            for number, (event, place) in enumerate(zip(events, places, strict=True))
        ]

    def _record(self, event: Event, cause: Cause, number: int, position: str) -> Outgoing:
        self._declared(type(event))
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
            headers=(("event-id", named.event_id.encode()), *self._headers(cause, position)),
            alone=self._topics[event.topic].share,
        )

    def _erasure(self, tombstone: Tombstone, cause: Cause, position: str) -> Outgoing:
        self._declared(tombstone.of)
        topic = tombstone.of.topic
        if not self._topics[topic].compact:
            raise Undeclared(
                f"{self._place.processor} erases {tombstone.of.__name__}, but topic {topic} keeps all its records\n"
                f'  mend:   write "compact: true" into topics/{topic}.yaml'
            )
        return Outgoing(topic, tombstone.key.encode(), None, self._headers(cause, position))

    def _declared(self, emitted: type[Event]) -> None:
        if emitted not in self._emits:
            raise Undeclared(
                f"{self._place.processor} emitted {emitted.__name__}, which its declaration does not name\n"
                f"  mend:   emits=[{', '.join(e.__name__ for e in self._emits)}, {emitted.__name__}]"
            )

    def _headers(self, cause: Cause, position: str) -> Headers:
        place = self._place
        trace = (("traceparent", cause.traceparent),) if cause.traceparent else ()
        origin = f"{place.processor}/{place.topic}/0/{place.partition}/{position}"
        return (
            ("cause", origin.encode()),
            ("causation-id", cause.event_id.encode()),
            ("correlation-id", cause.correlation_id.encode()),
            ("version", place.version.encode()),
            *trace,
        )
