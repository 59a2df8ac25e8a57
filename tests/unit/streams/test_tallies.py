"""A tally is what a plain count over the whole log is, however the log is cut and wherever the worker dies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.event import Event
from streams.harness import Outcome, run
from streams.letters import WEIGHT, TooManyDeadLetters
from streams.record import DROP, LETTER, REPLAY, Outgoing, pack
from streams.resolutions import read_letter
from streams.tables import Table
from streams.tally import Tally, col, count, hour, tally
from tests import sample
from tests.sample import Closed, Deposited

CATALOGUE = sample.catalogue()
HOUR = 3_600_000
KEY: dict[str, Any] = {"account": "text"}
ROWS: dict[str, Any] = {"hour": "bigint", "partition": "int"}
SUMS: dict[str, Any] = {"total": "bigint", "number": "bigint", "large": "bigint"}
BY_HOUR = Table("by_hour", key=KEY, rows=ROWS, columns=SUMS)
FORGET = 20

by_hour = tally(
    reads=Deposited,
    where=col("amount") != 3,
    once_by=["account", "hold_ms"],  # stands for a sequence number
    by=["account", hour("occurred_at")],
    totals={"total": col("amount").sum(), "number": count(), "large": (col("amount") > 500).sum()},
    into=BY_HOUR,
    forget_after=FORGET,
)
PLAIN = Table("plain", key=KEY, rows={"partition": "int"}, columns={"number": "bigint"})
plain = tally(reads=[Deposited, Closed], by=["account"], totals={"number": count()}, into=PLAIN)

DEPOSITS = st.builds(
    Deposited,
    occurred_at=st.sampled_from([1, HOUR - 1, HOUR, -1]),
    account=st.sampled_from(["ann", "ann", "bob"]),
    amount=st.sampled_from([1, 1, 3, 1000, 1 << 60]),  # the last is beyond what one event may add
    hold_ms=st.integers(0, 3),
)
POISON = st.builds(
    Outgoing,
    st.just("deposits"),
    st.sampled_from([b"ann", b"other", None]),
    st.sampled_from(
        [b"", b"junk", b"\0\0\0\0\x63x", b"\0\0\0\0\x03", b"\0\0\0\0\x03\x02", b"\0\0\0\0\x03\xff\xff\xff\xff\x7f"]
    ),
    st.just(()),
)
GAPS = st.sampled_from([-4, 1, FORGET - 1, FORGET, FORGET + 1])
OTHERS = st.one_of(POISON, st.builds(Closed, account=st.just("ann")))
LOGS = st.lists(
    st.one_of(DEPOSITS, DEPOSITS, DEPOSITS, DEPOSITS, GAPS, GAPS, OTHERS),
    max_size=40,
)
PLACES = st.sets(st.integers(0, 40))


def outcome(log: list[Any], which: Tally = by_hour, **how: Any) -> Outcome:
    return run(which, log, catalogue=CATALOGUE, **how)


def counted(log: Iterable[Any]) -> list[dict[str, Any]]:
    """The same in plain Python: one event after the other."""
    totals: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    seen: dict[str, tuple[int, set[int]]] = {}
    clock = now = 0
    for event in log:
        now += event if isinstance(event, int) else 0
        clock = max(clock, now)
        if not isinstance(event, Deposited) or event.amount > 1 << 47:
            continue
        last, numbers = seen.get(event.account, (clock, set[int]()))
        if clock - last >= FORGET:
            numbers = set[int]()
        seen[event.account] = (clock, numbers | {event.hold_ms})
        if event.hold_ms in numbers or event.amount == 3:
            continue
        sums = totals[event.account, event.occurred_at // HOUR * HOUR]
        for place, part in enumerate((event.amount, 1, event.amount > 500)):
            sums[place] += part
    return [
        {"account": account, "hour": at, "partition": 0, "total": sums[0], "number": sums[1], "large": sums[2]}
        for (account, at), sums in sorted(totals.items(), key=lambda item: repr((*item[0], 0)))
    ]


@settings(deadline=None, max_examples=200)
@given(LOGS, PLACES, PLACES)
def test_cuts_restarts_and_repeats_change_nothing(log: list[Any], cuts: set[int], restarts: set[int]) -> None:
    try:
        whole = outcome(log)
    except TooManyDeadLetters:
        return
    assert whole.rows["by_hour"] == counted(log)
    cut = outcome(log, cuts=cuts, restarts=restarts)
    assert cut.rows == whole.rows
    assert [letter(sent) for sent in cut.dead] == [letter(sent) for sent in whole.dead]


def letter(sent: Outgoing) -> tuple[int, str]:
    found = read_letter(sent.key, sent.value, sent.headers)
    return found.record.offset, found.fate


def test_what_is_sent_twice_late_or_out_of_order_counts_once() -> None:
    given = [Deposited(account="ann", amount=5, hold_ms=number, occurred_at=1) for number in (2, 0, 1, 2, 7, 0, 7)]
    row = {"account": "ann", "hour": 0, "partition": 0, "total": 20, "number": 4, "large": 0}
    assert outcome([*given, *given]).rows["by_hour"] == [row]


def test_what_is_forgotten_and_begins_anew_in_one_batch_is_remembered() -> None:
    given: list[Any] = [*(Deposited(account="ann", amount=1, hold_ms=number) for number in (1, 2, 2))]
    given.insert(1, FORGET)
    for cuts in (set[int](), {1, 3}, {1, 2, 3}):
        assert outcome(given, cuts=cuts).rows["by_hour"][0]["number"] == 2


def test_several_events_of_a_topic_are_counted_together_and_others_passed_over() -> None:
    given: list[Event] = [Deposited(account="ann", amount=1), Closed(account="ann"), Closed(account="bob")]
    assert outcome(given, plain).rows["plain"] == [
        {"account": "ann", "partition": 0, "number": 2},
        {"account": "bob", "partition": 0, "number": 1},
    ]
    assert outcome([Closed(account="ann")]).rows["by_hour"] == []


def control(verb: str, sent: Outgoing) -> Outgoing:
    dead = read_letter(sent.key, sent.value, sent.headers)
    return Outgoing("deposits", b"", None, ((verb, b"test_tallies"), (LETTER, pack(dead.record))))


@pytest.mark.parametrize("cuts", [set[int](), {1, 2, 3, 4}])
def test_a_replayed_letter_is_counted_once_however_often_that_is_asked_for(cuts: set[int]) -> None:
    early = Outgoing("deposits", b"ann", b"\0\0\0\0\x63x", ())  # of a schema that is not known yet
    dead = outcome([early]).dead
    assert [letter(sent) for sent in dead] == [(0, "dead")]
    given: list[Any] = [early, control(REPLAY, dead[0]), control(DROP, dead[0]), control(REPLAY, dead[0])]
    assert [letter(sent)[1] for sent in outcome(given, cuts=cuts).dead] == ["dead", "dead", "dropped"]
    replayed = Deposited(account="ann", amount=1 << 60, hold_ms=1)
    held = outcome([replayed]).dead[0]
    assert [letter(s)[1] for s in outcome([replayed, control(REPLAY, held)], cuts=cuts).dead] == ["dead", "dead"]


def test_twenty_rejected_in_a_row_stop_it() -> None:
    bad, good = Outgoing("deposits", b"ann", b"junk", ()), Deposited(account="ann", amount=1)
    with pytest.raises(TooManyDeadLetters):
        outcome([bad] * 20)
    enough = [good] * 19 * WEIGHT
    assert len(outcome([*[bad] * 19, *enough, *[bad] * 19]).dead) == 38


@pytest.mark.parametrize("cuts", [[], range(1000)])
def test_more_than_one_in_five_rejected_for_long_stop_it(cuts: Sequence[int]) -> None:
    bad, good = Outgoing("deposits", b"ann", b"junk", ()), Deposited(account="ann", amount=1)
    assert len(outcome([bad, good, good, good, good] * 100, cuts=cuts).dead) == 100
    with pytest.raises(TooManyDeadLetters):
        outcome([bad, good, good, good] * 100, cuts=cuts)
