"""A batch of records to columns: natively by blocks, and record by record what no block can hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import polars as pl

from streams.avro_blocks import UNREADABLE, BlockReader, block_reader
from streams.codec import HEADER, Codec, Undecodable, UnknownSchema, wire_id
from streams.event import Event
from streams.reading import Misplaced, key_of
from streams.record import Record

T = TypeVar("T")
ROW = "_row"  # a record's place in the batch
FAILURES = (*UNREADABLE, UnicodeDecodeError, OverflowError)


class Misread(ValueError):
    """A block did not come apart into its records."""


@dataclass
class Rows:
    """What a batch has come to: rows by parts, in no order, and by row why a record is rejected."""

    parts: list[pl.DataFrame] = field(default_factory=list[pl.DataFrame])
    rejected: dict[int, Exception] = field(default_factory=dict[int, Exception])

    def frame(self) -> pl.DataFrame | None:
        """All rows in the order of the batch."""
        if len(self.parts) == 1:
            return self.parts[0]
        return pl.concat(self.parts).sort(ROW) if self.parts else None


class Columns:
    """Reads the events of one topic that a processor asks for into the columns it looks at, one row an event.

    `derive` turns those columns, and `ROW`, into what the processor needs of each row, and never looks at two rows
    together. So what fails in a batch is narrowed down to the records that fail alone; the rest is not touched by it.
    """

    def __init__(
        self,
        codec: Codec,
        reads: Sequence[type[Event]],
        wanted: Mapping[str, Any],
        derive: Callable[[pl.DataFrame], pl.DataFrame],
    ) -> None:
        self._codec = codec
        self._names = frozenset(event.__name__ for event in reads)
        self._key = reads[0].key_field
        self._wanted = dict(wanted)
        self._derive = derive
        self._readers: dict[int, BlockReader | None] = {}

    def read(self, records: Sequence[Record]) -> Rows:
        """The rows of the records that hold an event asked for; others, and those without a value, have none."""
        rows = Rows()
        by_schema: dict[bytes, list[int]] = {}
        for row, record in enumerate(records):
            if record.value is not None:
                by_schema.setdefault(record.value[: HEADER.size], []).append(row)
        for header, mine in by_schema.items():
            try:
                if self._codec.name(header) not in self._names:
                    continue
            except (Undecodable, UnknownSchema) as error:
                rows.rejected |= dict.fromkeys(mine, error)
                continue
            keyed = [row for row in mine if records[row].key is not None]
            self._read(self._reader(wire_id(header)), records, keyed, rows)
            if len(keyed) < len(mine):  # no key says where such a record begins in a block
                self._decode(records, [row for row in mine if records[row].key is None], rows)
        return rows

    def _reader(self, schema_id: int) -> BlockReader | None:
        if schema_id not in self._readers:
            self._readers[schema_id] = block_reader(*self._codec.schemas(schema_id), self._wanted)
        return self._readers[schema_id]

    def _read(self, reader: BlockReader | None, records: Sequence[Record], mine: list[int], rows: Rows) -> None:
        """The rows of records of one schema: as a block, or else as two halves, down to single records."""
        if reader is None or not mine:
            self._decode(records, mine, rows)
            return
        try:
            rows.parts.append(self._block(reader, records, mine))
        except (Misread, *FAILURES):
            if len(mine) == 1:
                self._decode(records, mine, rows)
                return
            for half in _halves(mine):
                self._read(reader, records, half, rows)

    def _block(self, reader: BlockReader, records: Sequence[Record], mine: list[int]) -> pl.DataFrame:
        """Every row must have its record's key: so none is misplaced, and the block came apart where it should."""
        frame = reader.read([(records[row].value or b"")[HEADER.size :] for row in mine])
        keys = pl.Series([records[row].key for row in mine], dtype=pl.Binary)
        if len(frame) != len(mine) or not (frame[self._key].cast(pl.String).cast(pl.Binary) == keys).all(
            ignore_nulls=False
        ):
            raise Misread
        return self._derive(frame.with_columns(pl.Series(ROW, mine, dtype=pl.Int64)))

    def _decode(self, records: Sequence[Record], mine: list[int], rows: Rows) -> None:
        """Record by record, by the codec; what fails there is rejected."""
        decoded: list[tuple[Any, ...]] = []
        for row in mine:
            try:
                event = self._codec.decode(records[row].value)
                key_of(event, records[row])
                decoded.append((*(getattr(event, name) for name in self._wanted), row))
            except (Undecodable, Misplaced) as error:
                rows.rejected[row] = error
        self._from_values(decoded, rows)

    def _from_values(self, values: list[tuple[Any, ...]], rows: Rows) -> None:
        """Rows of events that the codec has decoded; those of which nothing can be derived are rejected."""
        if not values:
            return
        try:
            frame = pl.DataFrame(values, schema={**self._wanted, ROW: pl.Int64}, orient="row")
            rows.parts.append(self._derive(frame))
        except FAILURES as error:
            if len(values) == 1:
                rows.rejected[values[0][-1]] = ValueError(f"{type(error).__name__}: {error}")
                return
            for half in _halves(values):
                self._from_values(half, rows)


def _halves(given: list[T]) -> tuple[list[T], list[T]]:
    middle = len(given) // 2
    return given[:middle], given[middle:]
