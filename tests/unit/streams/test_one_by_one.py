"""Given a store that refuses some rows, when a batch is written record by record, then only those are dead letters."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from streams.in_memory import codec_of
from streams.letters import IN_A_ROW, WEIGHT, Place, TooManyDeadLetters
from streams.one_by_one import one_by_one
from streams.owners import Owners
from streams.record import Outgoing, Record
from streams.resolutions import Letter, read_letter
from streams.sinks import Placed, SinkRefused
from streams.viewing import ViewBatch, ViewCore
from tests import sample
from tests.sample import Counted, show_totals

CODEC = codec_of(sample.catalogue())


class Picky:
    """A store in memory that refuses the rows of some accounts."""

    def __init__(self, *refused: str) -> None:
        self.refused = set(refused)
        self.rows: dict[str, object] = {}

    async def write(self, writes: Sequence[Placed]) -> None:
        for placed in writes:
            account = str(placed.write.key["account"])
            if account in self.refused:
                raise SinkRefused(f"{account} is too long")
            self.rows[account] = placed.write.cells["total"]


def counted(*accounts: str) -> list[Record]:
    events = [Counted(event_id=f"e{n}", account=account, total=n, number=1) for n, account in enumerate(accounts)]
    return [Record(0, n, 0, e.account.encode(), CODEC.encode(e)) for n, e in enumerate(events)]


async def written(store: Picky, records: Sequence[Record], failures: int = 0) -> ViewBatch:
    core = ViewCore(show_totals, Place("show_totals", "test", "totals", 0), CODEC, Owners())
    return await one_by_one(core, records, failures, store.write)


def read(letters: Sequence[Outgoing]) -> list[Letter]:
    return [read_letter(sent.key, sent.value, sent.headers) for sent in letters]


async def test_the_others_are_written() -> None:
    store = Picky("bob")
    batch = await written(store, counted("ann", "bob", "eve"), failures=3)
    assert store.rows == {"ann": 0, "eve": 2}
    assert [(letter.fate, letter.record.offset) for letter in read(batch.letters)] == [("dead", 1)]
    assert (batch.failures, batch.dead) == (3 - 1 + WEIGHT - 1, 1)


async def test_refusals_in_a_row_stop_the_view_whatever_the_batches() -> None:
    records = counted(*["bob"] * IN_A_ROW)
    batch = await written(Picky("bob"), records[:7])
    assert batch.failures == 7 * WEIGHT
    with pytest.raises(TooManyDeadLetters, match="show_totals rejected too many events"):
        await written(Picky("bob"), records[7:], batch.failures)


async def test_a_replay_that_is_refused_is_a_dead_letter_again() -> None:
    [bob] = counted("bob")
    [dead] = read((await written(Picky("bob"), [bob])).letters)
    control = dead.replay()
    again = Record(0, 9, 0, control.key, control.value, control.headers)
    refused = await written(Picky("bob"), [again], failures=2)
    [letter] = read(refused.letters)
    assert (letter.fate, letter.record) == ("dead", bob)
    assert (refused.failures, refused.dead) == (2, 1)
    cured = await written(Picky(), [again])
    assert [(letter.fate, letter.record) for letter in read(cured.letters)] == [("replayed", bob)]
