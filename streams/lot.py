"""A batch of records as the consumer holds them: in columns, and as Records where one is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from operator import methodcaller
from typing import TYPE_CHECKING, Any, overload

from streams.codec import HEADER
from streams.record import Record

if TYPE_CHECKING:
    from streams.columnar import Rows


class Lot(Sequence[Record]):
    """Records of one partition in order. A Record is made when it is asked for, and not kept.

    `raw` holds whatever has an offset, a timestamp, a key, a value and headers: aiokafka's records, or Records.
    `rows` is what it has been read to, if it has been.
    """

    rows: Rows | None = None

    def __init__(self, partition: int, raw: Sequence[Any]) -> None:
        self.partition = partition
        self._raw = raw

    @classmethod
    def of(cls, records: Sequence[Record]) -> Lot:
        """The lot that these records are, or make."""
        return records if isinstance(records, Lot) else cls(records[0].partition if records else 0, records)

    @cached_property
    def keys(self) -> list[bytes | None]:
        return [raw.key for raw in self._raw]

    @cached_property
    def values(self) -> list[bytes | None]:
        return [raw.value for raw in self._raw]

    @cached_property
    def timestamps(self) -> list[int]:
        """LogAppendTime by record, in ms."""
        return [raw.timestamp for raw in self._raw]

    @cached_property
    def by_schema(self) -> dict[bytes, Sequence[int]]:
        """Places of the records that have a value, by the bytes that name its writer's schema."""
        head = (self.values[0] or b"")[: HEADER.size] if self.values else b""
        if len(head) == HEADER.size and not self.bare and all(map(methodcaller("startswith", head), self.values)):
            return {head: range(len(self.values))}
        found: dict[bytes, list[int]] = {}
        for place, value in enumerate(self.values):
            if value is not None:
                found.setdefault(value[: HEADER.size], []).append(place)
        return dict(found)

    @cached_property
    def bare(self) -> Sequence[int]:
        """Places of the records without a value."""
        return [place for place, value in enumerate(self.values) if value is None] if not all(self.values) else ()

    def kinds(self) -> list[Record]:
        """One record of each writer's schema, and all that have no value."""
        return [self[place] for place in (*(places[0] for places in self.by_schema.values()), *self.bare)]

    def without_records(self) -> Lot:
        """The same lot, with no record but the first and the last: of the others only the times are kept."""
        bare = Lot(self.partition, Ends(self._raw))
        bare.timestamps, bare.bare, bare.rows = self.timestamps, self.bare, self.rows
        return bare

    @overload
    def __getitem__(self, place: int) -> Record: ...
    @overload
    def __getitem__(self, place: slice) -> Lot: ...
    def __getitem__(self, place: int | slice) -> Record | Lot:
        if isinstance(place, slice):
            return Lot(self.partition, self._raw[place])
        raw = self._raw[place]
        return raw if isinstance(raw, Record) else record_of(self.partition, raw)

    def __len__(self) -> int:
        return len(self._raw)


class Ends(Sequence[Any]):
    """A sequence of which all but the first and the last has been let go of."""

    def __init__(self, items: Sequence[Any]) -> None:
        self._length, self._first, self._last = len(items), items[0], items[-1]

    def __getitem__(self, place: Any) -> Any:
        if place in (-1, self._length - 1):
            return self._last
        if place == 0:
            return self._first
        raise LookupError(f"item {place} of {self._length} has been let go of")

    def __len__(self) -> int:
        return self._length


def record_of(partition: int, raw: Any) -> Record:
    """A record as the engine sees it, out of the consumer's."""
    return Record(partition, raw.offset, raw.timestamp, raw.key, raw.value, tuple(raw.headers))
