"""What is rebuilt together, under which names, and what becomes of dead letters."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from streams.event import Event
from streams.letters import Place, letter
from streams.processor import ProcessorError, View, work
from streams.rebuild_letters import differing
from streams.rebuild_unit import unit_of
from streams.record import Outgoing, Record
from streams.rehearsal import rehearsed
from streams.tables import Table
from streams.versions import FIRST, Versions
from tests.sample import PROCESSORS, TOTALS, Counted, Reminded, count_deposits, show_totals, sum_deposits

OTHER = Table("other", key={"account": "text"}, columns={"a": "int"})
PLACE = Place("show_totals", "1", "totals", 0)


def test_who_writes_into_the_same_table_is_rebuilt_with_it() -> None:
    neighbour = replace(show_totals, name="neighbour", into=(TOTALS, OTHER))
    behind: View = replace(show_totals, name="behind", into=(OTHER,))
    unit = unit_of((*PROCESSORS, neighbour, behind), behind)
    assert [one.name for one in unit.processors] == ["show_totals", "neighbour", "behind"]
    assert unit.members == (
        "processor show_totals", "processor neighbour", "processor behind", "table totals", "table other"
    )  # fmt: skip
    assert unit_of(PROCESSORS, sum_deposits).members == ("processor sum_deposits", "table sums")


def test_a_work_can_t_be_rebuilt() -> None:
    @work(reads=Reminded, emits=Counted)
    async def remind(task: Reminded) -> AsyncIterator[Event]:
        yield Counted(account=task.account, total=0, number=0)

    with pytest.raises(ProcessorError, match="nothing to rebuild"):
        unit_of((*PROCESSORS, remind), remind)


def test_versions_stand_beside_each_other() -> None:
    second = Versions({"table totals": 2, "processor count_deposits": 3}, {"processor count_deposits": 2})
    assert (FIRST.table(TOTALS).name, second.table(TOTALS).name) == ("totals", "totals_v2")
    assert second.processor(count_deposits.name) == "count_deposits-v3"
    assert second.formerly(count_deposits.name) == "count_deposits-v2"
    assert (second.formerly(show_totals.name), FIRST.processor(show_totals.name)) == (None, "show_totals")


def test_nothing_is_sent_by_a_version_that_is_being_built() -> None:
    event = Outgoing("totals", b"ann", b"...", (("cause", b"x"),), alone=True)
    assert rehearsed(FIRST, "count_deposits", [event]) == [event]
    [kept] = rehearsed(Versions({"processor count_deposits": 2}, building=True), "count_deposits", [event])
    assert (kept.topic, kept.key, kept.value) == ("count_deposits-v2-unsent", b"ann", b"...")
    assert kept.headers == (("for", b"totals"), ("cause", b"x"))


def stands(outgoing: Outgoing, offset: int = 0) -> Record:
    """A letter as it is read from its topic."""
    return Record(0, offset, 1, outgoing.key, outgoing.value, outgoing.headers)


def event_at(offset: int) -> Record:
    return Record(0, offset, 1, b"ann", b"...")


def test_dead_letters_become_those_of_the_next_version_as_far_as_it_has_come() -> None:
    dead = [stands(letter(PLACE, event_at(offset), "dead", ValueError("no"))) for offset in range(4)]
    # given: the former rejected 0, 1 and 3, the next rejects 0 and 2, and has not come to 3
    changes = differing([dead[0], dead[2]], [dead[0], dead[1], dead[3]], {("totals", 0): 3})
    told = [(dict(out.headers)["offset"], dict(out.headers)["fate"]) for out in changes]
    assert told == [(b"2", b"dead"), (b"1", b"replayed")]
    # when that is said, nothing differs any more
    after = [dead[0], dead[1], dead[3], *map(stands, changes)]
    assert differing([dead[0], dead[2]], after, {("totals", 0): 3}) == []
