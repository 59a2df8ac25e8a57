"""A slice of the log in a file: records as the broker has them, and the schemas that they were written with.

JSON lines, so that one can look into it; bytes in base64. A schema stands before the first record that names it.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import msgspec

from streams.catalogue import Schema
from streams.codec import Codec, Undecodable, wire_id
from streams.record import Record
from streams.registry import Registry, SchemaNotFound


class Written(msgspec.Struct, frozen=True, tag="schema"):
    """The writer's schema that an id in the records' bytes stands for."""

    schema_id: int
    schema: Schema


class Taken(msgspec.Struct, frozen=True, tag="record"):
    """A record and the topic (without the namespace) that it was taken from."""

    topic: str
    record: Record


LINE: msgspec.json.Decoder[Written | Taken] = msgspec.json.Decoder(Written | Taken)


@dataclass(frozen=True)
class Recording:
    """What `playlog record` has written; a harness runs it (`harness.run`, `Topology.play`)."""

    records: tuple[Taken, ...]
    schemas: Mapping[int, Schema]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raises ValueError where the file is no recording."""
        return cls.of(LINE.decode_lines(path.read_bytes()))

    @classmethod
    def of(cls, lines: Iterable[Written | Taken]) -> Self:
        known = list(lines)
        schemas = {line.schema_id: line.schema for line in known if isinstance(line, Written)}
        return cls(tuple(line for line in known if isinstance(line, Taken)), schemas)

    def teach(self, codec: Codec) -> None:
        """Let a codec read the records."""
        for schema_id, schema in self.schemas.items():
            codec.learn(schema_id, schema)

    def in_order(self) -> Iterator[Taken]:
        """By the broker's clock, which no partition's records are moved back by: theirs stay in order."""
        clocks: dict[tuple[str, int], int] = {}
        timed: list[tuple[int, Taken]] = []
        for taken in self.records:
            place = taken.topic, taken.record.partition
            clocks[place] = max(clocks.get(place, 0), taken.record.timestamp)
            timed.append((clocks[place], taken))
        return (taken for _, taken in sorted(timed, key=lambda pair: pair[0]))


async def recorded(taken: AsyncIterator[Taken], registry: Registry) -> AsyncIterator[Written | Taken]:
    """The records, each schema before the first that names it. Raises RegistryError where the registry is down."""
    seen: set[int] = set()
    async for one in taken:
        try:
            schema_id = wire_id(one.record.value)
        except Undecodable:
            schema_id = 0  # no registry gives it away
        if schema_id and schema_id not in seen:
            seen.add(schema_id)
            with contextlib.suppress(SchemaNotFound):  # its records are undecodable, as they are to the processors
                yield Written(schema_id, await registry.schema(schema_id))
        yield one


def line_of(line: Written | Taken) -> str:
    return msgspec.json.encode(line).decode()
