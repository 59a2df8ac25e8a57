"""Given a log, when a view runs over it, then its rows are these."""

from __future__ import annotations

from dataclasses import replace

import pytest

from streams.harness import run
from streams.processor import Moment, ProcessorError, View, view
from streams.record import Outgoing
from streams.resolutions import read_letter
from streams.sinks import Placed
from streams.tables import Table, Write
from streams.viewing import coalesced
from tests import sample
from tests.sample import TOTALS, Counted, Reminded, show_totals

CATALOGUE = sample.catalogue()


def count(account: str, total: int, number: int = 1) -> Counted:
    return Counted(account=account, total=total, number=number)


def placed(offset: int, account: str, **cells: int) -> Placed:
    return Placed(TOTALS.put(account=account, **cells), Moment("totals", 0, offset, 0), 0)


def test_the_latest_event_is_the_row() -> None:
    outcome = run(show_totals, [count("ann", 1), count("bob", 9), count("ann", 3, 2)], catalogue=CATALOGUE)
    assert outcome.rows == {
        "totals": [{"account": "ann", "total": 3, "number": 2}, {"account": "bob", "total": 9, "number": 1}]
    }


def test_only_writes_that_are_wholly_covered_are_left_out() -> None:
    covered, kept, last = placed(1, "a", total=1), placed(2, "a", total=1, number=1), placed(4, "a", total=2)
    other = placed(3, "b", total=1)
    assert coalesced([covered, kept, other, last]) == [kept, other, last]


def test_a_view_goes_on_behind_what_it_cannot_read() -> None:
    log = [count("ann", 1), Outgoing("totals", b"ann", b"rubbish", ()), count("ann", 2)]
    outcome = run(show_totals, log, catalogue=CATALOGUE)
    assert outcome.rows["totals"][0]["total"] == 2
    [letter] = [read_letter(sent.key, sent.value, sent.headers) for sent in outcome.dead]
    assert (letter.fate, letter.record.offset, letter.record.value) == ("dead", 1, b"rubbish")


def refusing(outer: View, refused: set[int]) -> View:
    """The view, rejecting these totals as long as they are in the set."""

    def function(event: Counted) -> Write:
        if event.total in refused:
            refused.remove(event.total)
            raise ValueError("refused")
        return TOTALS.put(account=event.account, total=event.total)

    return replace(outer, function=function)


def test_a_replayed_letter_stands_in_its_old_place() -> None:
    log = [count("ann", 1), count("bob", 5), count("ann", 2)]
    [dead] = run(refusing(show_totals, {1}), log[:1], catalogue=CATALOGUE).dead
    letter = read_letter(dead.key, dead.value, dead.headers)
    outcome = run(refusing(show_totals, {1}), [*log, letter.replay()], catalogue=CATALOGUE)
    assert outcome.rows["totals"][0] == {"account": "ann", "total": 2}
    assert [read_letter(s.key, s.value, s.headers).fate for s in outcome.dead] == ["dead", "replayed"]


SHARED = Table("shared", key={"account": "text"}, columns={"said": "text"})


@view(reads=[Counted, Reminded], into=SHARED)
def greedy(event: Counted | Reminded) -> Write:
    return SHARED.put(account=event.account, said=type(event).__name__)


@view(reads=Counted, into=SHARED)
def straying(event: Counted) -> Write:
    return TOTALS.put(account=event.account, total=1)


def test_a_column_has_one_writing_topic() -> None:
    with pytest.raises(ProcessorError, match=r"shared\.said is written by greedy from totals and by greedy from rem"):
        run(greedy, [count("ann", 1), Reminded(account="ann", at=1)], catalogue=CATALOGUE)


def test_a_view_writes_what_it_declares() -> None:
    with pytest.raises(ProcessorError, match="add totals to its into"):
        run(straying, [count("ann", 1)], catalogue=CATALOGUE)
