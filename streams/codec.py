"""Events to bytes and back: Avro in the Confluent wire format (a zero byte, the schema's id in four, the body)."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Mapping
from typing import Any, cast

import fastavro
import msgspec

from streams.catalogue import Catalogue, Schema
from streams.event import Event

HEADER = struct.Struct(">bI")


class Undecodable(ValueError):
    """The bytes are not an event of the catalogue; the text says why."""


class UnknownSchema(Undecodable):
    """The writer's schema id has not been learnt yet (`Codec.learn`)."""

    def __init__(self, schema_id: int) -> None:
        super().__init__(f"schema id {schema_id} is not known")
        self.schema_id = schema_id


class Codec:
    """Encodes with the catalogue's schemas; decodes any compatible writer schema into today's records."""

    def __init__(
        self,
        catalogue: Catalogue,
        classes: Iterable[type[Event]],
        ids: Mapping[str, int],
    ) -> None:
        """`ids`: schema id by event name, as the registry gave them (`Registry.ids`)."""
        self._classes = {cls.__name__: cls for cls in classes}
        self._readers = {name: _plain(schema) for name, schema in catalogue.schemas.items()}
        self._parsed = {name: fastavro.parse_schema(schema) for name, schema in self._readers.items()}
        self._ids = dict(ids)
        self._writers: dict[int, tuple[str, Any]] = {}
        self._written: dict[int, Schema] = {}
        for name, schema_id in ids.items():
            self.learn(schema_id, catalogue.schemas[name])

    def learn(self, schema_id: int, schema: Schema) -> None:
        """Remember a writer's schema, so that its events can be decoded."""
        plain: Schema = _plain(schema)
        self._written[schema_id] = plain
        self._writers[schema_id] = (schema["name"], fastavro.parse_schema(plain))

    def knows(self, schema_id: int) -> bool:
        return schema_id in self._writers

    def name(self, data: bytes | None) -> str:
        """The name of the event in `data`, without decoding it; raises UnknownSchema or Undecodable."""
        schema_id = wire_id(data)
        if schema_id not in self._writers:
            raise UnknownSchema(schema_id)
        return self._writers[schema_id][0]

    def schemas(self, schema_id: int) -> tuple[Schema, Schema]:
        """The writer's schema that an id stands for, and the catalogue's of that event; no logical types in either."""
        written = self._written[schema_id]
        return written, self._readers[written["name"]]

    def encode(self, event: Event) -> bytes:
        """Wire bytes of an event; raises ValueError naming the field where a value does not fit its schema."""
        name = type(event).__name__
        out = io.BytesIO()
        out.write(HEADER.pack(0, self._ids[name]))
        fields = msgspec.to_builtins(event)
        try:
            fastavro.schemaless_writer(out, self._parsed[name], fields)
        except (ValueError, TypeError, OverflowError) as error:
            raise ValueError(f"{name} does not fit its schema: {error}") from error
        return out.getvalue()

    def decode(self, data: bytes | None) -> Event:
        """The event in `data`; raises UnknownSchema or Undecodable."""
        schema_id = wire_id(data)
        if schema_id not in self._writers:
            raise UnknownSchema(schema_id)
        name, writer = self._writers[schema_id]
        if name not in self._classes:
            raise Undecodable(f"schema id {schema_id} is {name}, which is no event of this catalogue")
        assert data is not None
        try:
            fields = fastavro.schemaless_reader(io.BytesIO(memoryview(data)[HEADER.size :]), writer, self._parsed[name])
            return msgspec.convert(fields, self._classes[name])
        except (
            EOFError,
            ValueError,
            TypeError,
            IndexError,
            LookupError,
            struct.error,
            msgspec.ValidationError,
        ) as error:
            raise Undecodable(f"{name} can't be read: {type(error).__name__}: {error}") from error


def wire_id(data: bytes | None) -> int:
    """The writer's schema id; raises Undecodable where `data` is not in the wire format."""
    if data is None or len(data) < HEADER.size or data[0] != 0:
        raise Undecodable("not in the Confluent wire format (a zero byte and a four-byte schema id first)")
    return HEADER.unpack_from(data)[1]


def _plain(schema: Any) -> Any:
    """The schema without logical types: records carry UUIDs as text and times as ms, the bytes are the same."""
    if isinstance(schema, dict):
        return {k: _plain(v) for k, v in cast("Schema", schema).items() if k != "logicalType"}
    if isinstance(schema, list):
        return [_plain(item) for item in cast("list[Any]", schema)]
    return schema
