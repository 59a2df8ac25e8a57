"""A platform for figures: measurements of twelve fields, as rows apart and in wide partitions, and counted once.

Run as a module it is a worker that hosts the processor named until so many are applied, and says what it used:
`python -m tests.bench.measurements PROCESSOR EVENTS`.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import ClassVar

import confluent_kafka

from streams.catalogue import FOREVER, Catalogue, Topic
from streams.codec import Codec
from streams.event import Event
from streams.platform import Platform
from streams.processor import Tally, View, view
from streams.settings import Settings
from streams.tables import Column, Table, Write
from streams.tally import col, count, tally
from tests.bench.hosted import hosted_until_shown

PARTITIONS, SERIES = 4, 200
COLUMNS: dict[str, Column] = {
    "place": "text", "unit": "text", "kind": "text", "note": "text", "total": "bigint",
    "low": "int", "high": "int", "mean": "double", "good": "boolean", "measured_at": "bigint",
}  # fmt: skip


class Measured(Event, frozen=True, kw_only=True):
    """A series has one more measurement."""

    topic: ClassVar[str] = "measurements"
    key_field: ClassVar[str] = "series"

    series: str
    place: str
    unit: str
    kind: str
    note: str
    number: int
    total: int
    low: int
    high: int
    mean: float
    good: bool
    measured_at: int


EACH = Table("bench_each", key={"series": "text", "number": "bigint"}, columns=COLUMNS)
WIDE = Table("bench_wide", key={"series": "text"}, rows={"number": "bigint"}, columns=COLUMNS)


@view(reads=Measured, into=EACH)
def show_each(event: Measured) -> Write:
    """Twelve columns, no two rows in one partition of the table."""
    return shown_in(EACH, event)


@view(reads=Measured, into=WIDE)
def show_wide(event: Measured) -> Write:
    """Twelve columns, a series' rows in one partition of the table."""
    return shown_in(WIDE, event)


def shown_in(table: Table, event: Measured) -> Write:
    return table.put(
        series=event.series, number=event.number, place=event.place, unit=event.unit, kind=event.kind,
        note=event.note, total=event.total, low=event.low, high=event.high, mean=event.mean, good=event.good,
        measured_at=event.measured_at,
    )  # fmt: skip


BY_PLACE = Table("bench_by_place", key={"place": "text"}, rows={"partition": "int"}, columns={
    "measurements": "bigint", "sum_high": "bigint",
})  # fmt: skip

count_by_place = tally(
    name="count_by_place",
    reads=Measured,
    once_by=["series", "number"],
    by=["place"],
    totals={"measurements": count(), "sum_high": col("high").sum()},
    into=BY_PLACE,
)

VIEWS = {view.name: view for view in (show_each, show_wide)}
PROCESSORS: dict[str, View | Tally] = {**VIEWS, count_by_place.name: count_by_place}
TYPES = {"low": "int", "high": "int", "mean": "double", "good": "boolean"}


def platform(settings: Settings) -> Platform:
    kinds = {"event_id": "string", "occurred_at": "long", "series": "string", "number": "long"} | {
        name: TYPES.get(name, "string" if kind == "text" else "long") for name, kind in COLUMNS.items()
    }
    schema = {
        "type": "record", "name": "Measured", "namespace": "playlog.measurements", "doc": Measured.__doc__,
        "fields": [{"name": name, "type": kind, "doc": name} for name, kind in kinds.items()],
    }  # fmt: skip
    topic = Topic("measurements", "figures", "bench", "series", PARTITIONS, FOREVER, ("Measured",))
    catalogue = Catalogue({"measurements": topic}, {"Measured": schema})
    return Platform(Path(), settings, catalogue, (Measured,), tuple(PROCESSORS.values()))


def measured(number: int, at: int, series: int = SERIES) -> Measured:
    """The `number`th of all measurements, of one of `series` series."""
    return Measured(
        event_id=f"m{number}", occurred_at=at, series=f"series-{number % series:07d}", place=f"place {number % 97}",
        unit="ms", kind="latency", note=f"measured for the {number}th time", number=number // series, total=number * 3,
        low=number % 7, high=number % 1000, mean=number / 3, good=number % 2 == 0, measured_at=at,
    )  # fmt: skip


def pour(settings: Settings, codec: Codec, events: int, series: int = SERIES) -> None:
    """Write so many measurements, the series in turn."""
    producer = confluent_kafka.Producer(
        {"bootstrap.servers": settings.kafka, "linger.ms": 20, "batch.size": 500_000, "enable.idempotence": True}
    )
    for number in range(events):
        event = measured(number, 1_764_000_000_000 + number, series)
        while True:
            try:
                producer.produce(settings.named("measurements"), codec.encode(event), event.series)
                break
            except BufferError:
                producer.poll(0.05)
        producer.poll(0)
    producer.flush()


async def show(made: Platform, shown: View | Tally, events: int) -> dict[str, float]:
    """Run until all is applied and shown: what that took."""
    return (await hosted_until_shown(made, shown, "measurements", events)).figures


if __name__ == "__main__":
    name, number = sys.argv[1:]
    print(json.dumps(asyncio.run(show(platform(Settings.from_environment()), PROCESSORS[name], int(number)))))
