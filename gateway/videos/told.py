"""An event as it is told to a client: what happened, where it stands in the log, and what caused it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from streams.positions import Position, parse_positions, positions_text
from streams.tail import Recorded

PRIVATE = ("store_key", "store_upload_id", "filename")  # of the owner's business only
OWNERS_TOPIC = "uploads"


class Told(msgspec.Struct, frozen=True):
    """`at`: the broker's time, ms; `cause`: position of the event that caused this one, null for a client's."""

    type: str
    topic: str
    at: int
    position: str
    cause: str | None
    event: dict[str, Any]

    @property
    def place(self) -> Position:
        return parse_positions(self.position)[0]


def told_live(recorded: Recorded) -> Told | None:
    """A record just read; None for one that can't be decoded."""
    if recorded.event is None:
        return None
    name, fields = type(recorded.event).__name__, msgspec.to_builtins(recorded.event)
    cause = cause_of(recorded.headers.get("cause", ""))
    return Told(name, recorded.position.topic, recorded.clock, str(recorded.position), cause, fields)


def cause_of(header: str) -> str | None:
    """The position in a `cause` header (processor, topic, epoch, partition, offset, index); None for a client's."""
    match header.split("/"):
        case [_, topic, _, partition, offset, _]:
            return f"{topic}/{partition}/{offset}"
        case _:
            return None


def told_rows(rows: Sequence[Mapping[str, Any]], places: dict[str, str] | None = None) -> list[Told]:
    """Rows of the timeline. Its causes are ids; `places`, the positions of the pages before, grow by these."""
    places = {} if places is None else places
    places |= {row["event_id"]: _place(row) for row in rows}
    return [
        Told(
            row["type"], row["topic"], row["at"], _place(row), places.get(row["causation_id"]),
            msgspec.json.decode(row["body"]),
        )
        for row in rows
    ]  # fmt: skip


def visible(events: Iterable[Told], owner: bool) -> list[Told]:
    """Everything for the owner; for others what concerns watching, without the store's names."""
    if owner:
        return list(events)
    return [
        msgspec.structs.replace(told, event={k: v for k, v in told.event.items() if k not in PRIVATE})
        for told in events
        if told.topic != OWNERS_TOPIC
    ]


@dataclass
class Cursor:
    """How far a reader has come. Its text names a position a topic: a video's events of one are in one partition."""

    resumed: Mapping[str, int] = field(default_factory=dict)
    reached: dict[str, Position] = field(default_factory=dict)
    sent: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """The cursor behind what a reader had; raises ValueError for what is no cursor."""
        positions = {position.topic: position for position in parse_positions(text)}
        return cls({topic: position.offset for topic, position in positions.items()}, positions)

    def passes(self, told: Told) -> bool:
        """Whether the reader has the event already; if not, it counts as given from now on."""
        place = told.place
        if place.offset <= self.resumed.get(place.topic, -1) or (place.topic, place.offset) in self.sent:
            return True
        self.sent.add((place.topic, place.offset))
        known = self.reached.get(place.topic)
        if known is None or known.offset < place.offset:
            self.reached[place.topic] = place
        return False

    def __str__(self) -> str:
        return positions_text(self.reached[topic] for topic in sorted(self.reached))


def sse(told: Told, cursor: Cursor) -> bytes:
    """A server-sent event (HTML Living Standard, 9.2.6). JSON holds no line break, so `data` is one line."""
    return f"id: {cursor}\nevent: {told.type}\ndata: ".encode() + msgspec.json.encode(told) + b"\n\n"


def _place(row: Mapping[str, Any]) -> str:
    return f"{row['topic']}/{row['partition']}/{row['offset']}"
