"""Blocks are read natively: as the codec reads them, of older schemas too, in the order of the log."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import polars as pl
import pytest

from deploy.assembly import TALLIES, platform
from streams.avro_blocks import block_reader
from streams.codec import HEADER, Codec
from streams.columnar import ROW, Columns
from streams.lot import Lot
from streams.record import Record
from streams.tally_checks import columns
from tests import sample
from tests.sample import Deposited

IDS = {name: number for number, name in enumerate(sorted(sample.catalogue().schemas))}
WANTED = {"account": pl.String(), "amount": pl.Int64(), "sequence": pl.Int64()}


def codec(**changed: Any) -> Codec:
    """A codec of which a release may have had other fields of a deposit."""
    known = sample.catalogue()
    fields = known.schemas["Deposited"]["fields"]
    kept = [{**f, **changed[f["name"]]} if f["name"] in changed else f for f in fields if changed.get(f["name"], f)]
    schemas = {**known.schemas, "Deposited": {**known.schemas["Deposited"], "fields": kept}}
    return Codec(replace(known, schemas=schemas), sample.EVENTS, IDS)


def read(of: Codec, values: list[bytes]) -> list[tuple[Any, ...]]:
    records = [Record(0, n, 0, b"ann", value) for n, value in enumerate(values)]
    rows = Columns(of, [Deposited], WANTED, lambda frame: frame).read(Lot.of(records))
    assert not rows.rejected
    frame = rows.frame()
    return [] if frame is None else frame.select(*WANTED, ROW).rows()


def deposit(amount: int) -> Deposited:
    return Deposited(event_id="e", occurred_at=1, account="ann", amount=amount, sequence=7)


@pytest.mark.parametrize("event", [event for tally in TALLIES for event in tally.reads], ids=lambda e: e.__name__)
def test_what_the_platform_counts_is_read_natively(event: Any) -> None:
    made = platform()
    known = Codec(made.catalogue, made.classes, {name: n for n, name in enumerate(sorted(made.catalogue.schemas))})
    value = known.encode(msgspec.convert(made.catalogue.examples[event.__name__], event))
    for tally in (tally for tally in TALLIES if event in tally.reads):
        wanted = columns(tally)
        reader = block_reader(*known.schemas(HEADER.unpack_from(value)[1]), wanted)
        assert reader is not None, f"{event.__name__} would be decoded record by record"
        decoded = known.decode(value)
        row = {name: getattr(decoded, name) for name in wanted}
        assert reader.read([value] * 3).to_dicts() == [row] * 3


def test_several_releases_in_a_batch_come_back_in_order() -> None:
    """One had no sequence, one a narrower amount."""
    today = codec(sequence={"default": 5})
    releases = {50: codec(sequence=None), 51: codec(amount={"type": "int"})}
    for schema_id, release in releases.items():
        today.learn(schema_id, release.schemas(IDS["Deposited"])[0])
    bodies = {i: c.encode(deposit(i))[HEADER.size :] for i, c in releases.items()}
    values = [today.encode(deposit(1)), *(HEADER.pack(0, i) + body for i, body in bodies.items())]
    expected = [("ann", 1, 7, 0), ("ann", 50, 5, 1), ("ann", 51, 7, 2)]
    assert read(today, values) == expected
    assert read(today, values[::-1]) == [(*row[:3], n) for n, row in enumerate(expected[::-1])]


def test_a_schema_that_no_block_can_hold_is_left_to_the_codec() -> None:
    fields = [
        *codec().schemas(IDS["Deposited"])[0]["fields"],
        {"name": "tags", "type": {"type": "map", "values": "int"}},
    ]
    writer = {**codec().schemas(IDS["Deposited"])[0], "fields": fields}
    assert block_reader(writer, codec().schemas(IDS["Deposited"])[1], WANTED) is None
