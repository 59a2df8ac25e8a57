"""Whose turn it is, how much they take at once, and who dies over it: what several processors come to is the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from streams.event import Event
from streams.harness import Topology
from streams.processor import State, Step, fold
from streams.tables import Table
from streams.turns import Turn
from tests import sample
from tests.sample import SUMS, TOTALS, Closed, Counted, Deposited, Tallied, count_deposits, show_totals, sum_deposits

CATALOGUE = sample.catalogue()
LETTERS = Table("letters", key={"account": "text"}, columns={"total": "bigint", "number": "bigint"})


class Letter(State, frozen=True, kw_only=True):
    total: int = 0
    number: int = 0


@fold(reads=Counted, emits=Tallied)
def note_letter(event: Counted) -> list[Tallied]:
    """Under another key: the events of several partitions meet in one."""
    return [Tallied(account=event.account[0], total=event.total, number=event.number)]


@fold(reads=Tallied, once=True, into=LETTERS)
def add_letter(state: Letter, event: Tallied) -> Step[Letter]:
    return Step(Letter(total=state.total + event.total, number=state.number + 1))


FOLDS = [count_deposits, note_letter, add_letter]
PROCESSORS = [*FOLDS, sum_deposits, show_totals]
ACCOUNTS = st.sampled_from(["ann", "amy", "abe", "bob", "ben"])


def named(deposit: Deposited) -> Deposited:
    """An id may come again, but only for the same account: no two events share one."""
    return replace(deposit, event_id=deposit.event_id and f"{deposit.account}-{deposit.event_id}")


DEPOSITS = st.builds(
    Deposited,
    event_id=st.sampled_from(["", "", "x", "y"]),
    account=ACCOUNTS,
    amount=st.sampled_from([1, 20, 300, 666]),
    hold_ms=st.sampled_from([0, 0, 5, 70]),
    sequence=st.integers(0, 20),
).map(named)
LOTS = st.lists(
    st.tuples(
        st.lists(st.one_of(DEPOSITS, DEPOSITS, st.builds(Closed, account=ACCOUNTS)), max_size=12), st.integers(0, 60)
    ),
    max_size=4,
)


def anyhow(random: Random) -> Callable[[Sequence[int]], Turn]:
    def turn(waiting: Sequence[int]) -> Turn:
        reader = random.choice([number for number, count in enumerate(waiting) if count])
        return Turn(reader, random.randint(1, waiting[reader]), dies=random.random() < 0.3)

    return turn


def played(lots: list[tuple[list[Event], int]], **how: Any) -> Topology:
    topology = Topology(PROCESSORS, catalogue=CATALOGUE, rejects=True, **how)
    for events, pause in lots:
        topology.post(*events)
        topology.advance(pause)
    return topology


def said(topology: Topology) -> list[Any]:
    """All that can be read of it; the order between partitions is nobody's promise."""
    logs = [Counter(topology.log(topic)) for topic in ("totals", "tallies", "reminders")]
    dead = Counter((dict(sent.headers)["fate"], sent.key, sent.value) for sent in topology.dead)
    states = [topology.states(one) for one in FOLDS]
    return [logs, dead, states, [topology.rows(table) for table in (TOTALS, LETTERS, SUMS)]]


@settings(deadline=None, max_examples=60)
@given(LOTS, st.randoms(use_true_random=False), st.integers(1, 3))
def test_turns_batches_and_deaths_change_nothing(lots: Any, random: Random, partitions: int) -> None:
    in_turn = played(lots, partitions=partitions)
    assert said(played(lots, partitions=partitions, turns=anyhow(random))) == said(in_turn)
