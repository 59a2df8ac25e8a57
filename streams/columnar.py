"""A batch of records to columns: natively by blocks, and record by record what no block can hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import polars as pl

from streams.avro_blocks import UNREADABLE, BlockReader, block_reader
from streams.codec import Codec, Undecodable, UnknownSchema, wire_id
from streams.event import Event
from streams.lot import Lot
from streams.reading import Misplaced, key_of

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

    def read(self, lot: Lot) -> Rows:
        """The rows of the records that hold an event asked for; others, and those without a value, have none."""
        rows = Rows()
        for head, mine in lot.by_schema.items():
            try:
                if self._codec.name(head) not in self._names:
                    continue
            except (Undecodable, UnknownSchema) as error:
                rows.rejected |= dict.fromkeys(mine, error)
                continue
            keyless = [place for place in mine if lot.keys[place] is None] if not all(lot.keys) else []
            keyed = [place for place in mine if lot.keys[place] is not None] if keyless else mine
            self._read(self._reader(wire_id(head)), lot, keyed, rows)
            self._decode(lot, keyless, rows)  # no key says where such a record begins in a block
        return rows

    def _reader(self, schema_id: int) -> BlockReader | None:
        if schema_id not in self._readers:
            self._readers[schema_id] = block_reader(*self._codec.schemas(schema_id), self._wanted)
        return self._readers[schema_id]

    def _read(self, reader: BlockReader | None, lot: Lot, mine: Sequence[int], rows: Rows) -> None:
        """The rows of records of one schema: as a block, or else as two halves, down to single records."""
        if reader is None or not mine:
            self._decode(lot, mine, rows)
            return
        try:
            rows.parts.append(self._block(reader, lot, mine))
        except (Misread, *FAILURES):
            if len(mine) == 1:
                self._decode(lot, mine, rows)
                return
            for half in _halves(mine):
                self._read(reader, lot, half, rows)

    def _block(self, reader: BlockReader, lot: Lot, mine: Sequence[int]) -> pl.DataFrame:
        """Every row must have its record's key: so none is misplaced, and the block came apart where it should."""
        values = cast("list[bytes]", lot.values if len(mine) == len(lot) else [lot.values[row] for row in mine])
        keys = lot.keys if len(mine) == len(lot) else [lot.keys[row] for row in mine]
        frame = reader.read(values)
        named = frame[self._key].cast(pl.String).cast(pl.Binary)
        if len(frame) != len(mine) or not (named == pl.Series(keys, dtype=pl.Binary)).all(ignore_nulls=False):
            raise Misread
        return self._derive(frame.with_columns(pl.Series(ROW, mine, dtype=pl.Int64)))

    def _decode(self, lot: Lot, mine: Sequence[int], rows: Rows) -> None:
        """Record by record, by the codec; what fails there is rejected."""
        decoded: list[tuple[Any, ...]] = []
        for row in mine:
            try:
                event = self._codec.decode(lot.values[row])
                key_of(event, lot[row])
                decoded.append((*(getattr(event, name) for name in self._wanted), row))
            except (Undecodable, Misplaced) as error:
                rows.rejected[row] = error
        self._from_values(decoded, rows)

    def _from_values(self, values: Sequence[tuple[Any, ...]], rows: Rows) -> None:
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


def _halves(given: Sequence[T]) -> tuple[Sequence[T], Sequence[T]]:
    middle = len(given) // 2
    return given[:middle], given[middle:]
