"""Avro object-container blocks made of records as they lie in a topic, and read natively, only the columns needed.

Records of one schema, put together, are exactly the body of such a block (Avro 1.12, "Object Container Files"); the
header that each bears in a topic reads as a first field of fixed length. Polars decodes a block some ten times as fast
as Python decodes records.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import polars as pl

from streams.catalogue import Schema
from streams.codec import HEADER

SYNC = b"playlog's blocks"  # sixteen bytes, the same in every block: none is ever stored
UNREADABLE = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)
PRIMITIVES = ("boolean", "int", "long", "float", "double", "bytes", "string")
WIDENED = {
    ("int", "long"), ("int", "float"), ("int", "double"), ("long", "float"), ("long", "double"), ("float", "double"),
}  # fmt: skip


@dataclass(frozen=True)
class BlockReader:
    """Reads blocks of one writer's schema into the columns of a reader's."""

    head: bytes
    columns: list[str]
    projection: list[pl.Expr]

    def read(self, values: Sequence[bytes]) -> pl.DataFrame:
        """One row a record, given with its header. Raises what is in UNREADABLE where the whole can't be read."""
        size = sum(map(len, values))
        block = b"".join((self.head, _varint(len(values)), _varint(size), *values, SYNC))
        return pl.read_avro(io.BytesIO(block), columns=self.columns).select(self.projection)


def block_reader(writer: Schema, reader: Schema, wanted: Mapping[str, pl.DataType]) -> BlockReader | None:
    """The reader of a writer's blocks; None where only the codec can resolve one schema into the other."""
    if not all(_native(field["type"]) for field in writer["fields"]):
        return None
    written = {field["name"]: field for field in writer["fields"]}
    columns: dict[str, None] = {}
    projection: list[pl.Expr] = []
    for field in (field for field in reader["fields"] if field["name"] in wanted):
        name, kind = field["name"], wanted[field["name"]]
        source = next((n for n in (name, *field.get("aliases", ())) if n in written), None)
        if source is not None and _resolves(written[source]["type"], field["type"]):
            columns[source] = None
            projection.append(pl.col(source).cast(kind).alias(name))
        elif source is None and "default" in field:
            projection.append(pl.lit(field["default"], kind).alias(name))
        else:
            return None
    return _tried(BlockReader(_head(writer), list(columns), projection)) if columns else None


def _tried(reader: BlockReader) -> BlockReader | None:
    """The reader, if Polars takes its schema at all: a block of no records tells."""
    try:
        reader.read([])
    except UNREADABLE:
        return None
    return reader


def _native(avro: Any) -> bool:
    """Can Polars step over a value of this type? Not over maps, unions of several, and types named again."""
    if isinstance(avro, str):
        return avro in PRIMITIVES
    if isinstance(avro, list):
        branches = cast("list[Any]", avro)
        others = [branch for branch in branches if branch != "null"]
        return len(branches) == 2 and len(others) == 1 and _native(others[0])
    match avro["type"]:
        case "record":
            return all(_native(field["type"]) for field in avro["fields"])
        case "array":
            return _native(avro["items"])
        case "enum" | "fixed":
            return True
        case inner:
            return inner in PRIMITIVES


def _resolves(writer: Any, reader: Any) -> bool:
    """Is a written value one that the reader takes, perhaps widened? Asked of types that hold one value each."""
    (written, optional), (read, may_lack) = _value(writer), _value(reader)
    if optional and not may_lack:
        return False
    if isinstance(written, str) or isinstance(read, str):
        return written == read or (written, read) in WIDENED
    return set(written) <= set(read)


def _value(avro: Any) -> tuple[str | tuple[str, ...], bool]:
    """A primitive's name or an enum's symbols, and whether null may stand in its place."""
    if isinstance(avro, list):
        branches = cast("list[Any]", avro)
        return _value(next(branch for branch in branches if branch != "null"))[0], "null" in branches
    if isinstance(avro, str):
        return avro, False
    return (tuple(avro["symbols"]) if avro["type"] == "enum" else str(avro["type"])), False


def _head(writer: Schema) -> bytes:
    record = _bare(writer)
    header = {"name": "_header", "type": {"type": "fixed", "name": "_Header", "size": HEADER.size}}
    schema = {**record, "fields": [header, *record["fields"]]}
    meta = {"avro.schema": json.dumps(schema).encode(), "avro.codec": b"null"}
    entries = b"".join(_varint(len(k)) + k.encode() + _varint(len(v)) + v for k, v in meta.items())
    return b"Obj\x01" + _varint(len(meta)) + entries + _varint(0) + SYNC


def _bare(avro: Any) -> Any:
    """The schema without what does not change the bytes: Polars refuses some defaults, such as a number's."""
    if isinstance(avro, list):
        return [_bare(branch) for branch in cast("list[Any]", avro)]
    if isinstance(avro, str):
        return avro
    match avro["type"]:
        case "record":
            fields = [{"name": field["name"], "type": _bare(field["type"])} for field in avro["fields"]]
            return {"type": "record", "name": avro["name"], "fields": fields}
        case "array":
            return {"type": "array", "items": _bare(avro["items"])}
        case "enum":
            return {"type": "enum", "name": avro["name"], "symbols": avro["symbols"]}
        case "fixed":
            return {"type": "fixed", "name": avro["name"], "size": avro["size"]}
        case primitive:
            return primitive


def _varint(number: int) -> bytes:
    """A length as Avro writes a long: zigzag, seven bits a byte."""
    left, out = number << 1, bytearray()
    while left > 0x7F:
        out.append(left & 0x7F | 0x80)
        left >>= 7
    out.append(left)
    return bytes(out)
