"""What was recorded runs as it ran: real bytes, places and times, written with real schema ids."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator
from pathlib import Path

from streams.codec import Codec, wire_id
from streams.event import natural_id
from streams.harness import Topology, run
from streams.in_memory import codec_of
from streams.record import TICK, Record
from streams.recording import Recording, Taken, line_of, recorded
from tests import sample
from tests.sample import Counted, Deposited, Reminded, count_deposits, show_totals

CATALOGUE = sample.catalogue()
WRITER = Codec(CATALOGUE, sample.EVENTS, {name: 100 + n for n, name in enumerate(CATALOGUE.schemas)})
BEGIN = 1_700_000_000_000


class Schemas:
    """A registry."""

    async def schema(self, schema_id: int) -> object:
        return WRITER.schemas(schema_id)[0]


def deposit(partition: int, offset: int, ms: int, account: str, hold_ms: int = 0) -> Taken:
    event = Deposited(
        event_id=natural_id(partition, offset), occurred_at=BEGIN + ms, account=account, amount=offset, hold_ms=hold_ms
    )
    return Taken("deposits", Record(partition, offset, BEGIN + ms, account.encode(), WRITER.encode(event)))


LOG = [
    deposit(0, 7, 10, "ann"),
    deposit(0, 8, 30, "ann", hold_ms=100),
    Taken("deposits", Record(0, 9, BEGIN + 500, b"", None, ((TICK, b""),))),
    deposit(1, 3, 20, "bob"),
    Taken("deposits", Record(1, 4, BEGIN + 25, b"eve", b"rubbish")),
]


async def written(path: Path) -> Recording:
    """The log as a file, read again."""

    async def taken() -> AsyncIterator[Taken]:
        for one in LOG:
            yield one

    lines = [line_of(line) async for line in recorded(taken(), Schemas())]  # pyright: ignore[reportArgumentType]
    path.write_text("\n".join(lines))
    return Recording.load(path)


async def test_a_file_holds_the_records_as_they_were(tmp_path: Path) -> None:
    recording = await written(tmp_path / "slice")
    assert list(recording.records) == LOG
    assert set(recording.schemas) == {wire_id(LOG[0].record.value)}


async def test_a_fold_runs_over_what_was_recorded(tmp_path: Path) -> None:
    recording = await written(tmp_path / "slice")
    outcome = run(count_deposits, recording, catalogue=CATALOGUE)
    assert {key: state.total for key, state in outcome.states.items() if isinstance(state, sample.Total)} == {
        "ann": 15, "bob": 3,
    }  # fmt: skip
    assert [type(event) for event in outcome.emitted] == [Counted, Counted, Reminded, Counted]
    assert [dict(sent.headers)["offset"] for sent in outcome.dead] == [b"4"]
    assert run(count_deposits, recording, catalogue=CATALOGUE, cuts=[1], restarts=[0, 2]).states == outcome.states


async def test_a_topology_plays_it_at_its_times(tmp_path: Path) -> None:
    topology = Topology([count_deposits, show_totals], catalogue=CATALOGUE, rejects=True, partitions=2)
    topology.play(await written(tmp_path / "slice"))
    assert topology.clock == BEGIN + 500
    assert [(row["account"], row["total"]) for row in topology.rows(sample.TOTALS)] == [("ann", 15), ("bob", 3)]
    [reminded] = topology.log("reminders")
    assert reminded.occurred_at == BEGIN + 130
    assert len(topology.dead) == 1


def test_an_older_writer_is_understood() -> None:
    older = copy.deepcopy(CATALOGUE.schemas["Deposited"])
    older["fields"] = [field for field in older["fields"] if field["name"] != "sequence"]
    newer = copy.deepcopy(CATALOGUE.schemas["Deposited"])
    next(field for field in newer["fields"] if field["name"] == "sequence")["default"] = 0
    known = sample.Catalogue(CATALOGUE.topics, {**CATALOGUE.schemas, "Deposited": older})
    bytes_then = Codec(known, [Deposited], {"Deposited": 3}).encode(LOG_EVENT)
    today = sample.Catalogue(CATALOGUE.topics, {**CATALOGUE.schemas, "Deposited": newer})
    recording = Recording((Taken("deposits", Record(0, 0, BEGIN, b"ann", bytes_then)),), {3: older})
    assert run(count_deposits, recording, catalogue=today).states == {"ann": sample.Total(total=5, number=1)}
    assert 3 not in codec_of(today)._writers


LOG_EVENT = Deposited(event_id=natural_id("then"), account="ann", amount=5)
