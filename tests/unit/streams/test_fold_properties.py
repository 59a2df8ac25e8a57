"""However a log is cut into batches, and wherever the worker dies, the outcome is the same."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.harness import Outcome, run
from streams.processor import Fold
from streams.record import DROP, KEY, REPLAY, Outgoing
from tests import sample
from tests.sample import Closed, Deposited, count_deposits, nag, show_totals

CATALOGUE = sample.catalogue()
ACCOUNTS = st.sampled_from(["ann", "bob", "cid"])
DEPOSITS = st.builds(
    Deposited,
    event_id=st.sampled_from(["", "", "x", "y", "z"]),
    account=ACCOUNTS,
    amount=st.sampled_from([1, 1000, 666]),
    hold_ms=st.sampled_from([0, 3, 5, 10]),
)
CONTROLS = st.builds(
    lambda verb, name, key: Outgoing("deposits", b"", None, ((verb, name), (KEY, key.encode()))),
    st.sampled_from([REPLAY, DROP]),
    st.sampled_from([b"count_deposits", b"nag"]),
    ACCOUNTS,
)
LOGS = st.lists(
    st.one_of(DEPOSITS, DEPOSITS, st.builds(Closed, account=ACCOUNTS), st.integers(-4, 12), CONTROLS), max_size=40
)
PLACES = st.sets(st.integers(0, 40))


FOLDS = st.sampled_from([count_deposits, nag])


def outcome(log: list[Any], fold: Fold = count_deposits, **how: Any) -> Outcome:
    return run(fold, log, catalogue=CATALOGUE, **how)


@settings(deadline=None, max_examples=300)
@given(FOLDS, LOGS, PLACES, PLACES)
def test_cuts_and_restarts_change_nothing(fold: Fold, log: list[Any], cuts: set[int], restarts: set[int]) -> None:
    assert _said(outcome(log, fold, cuts=cuts, restarts=restarts)) == _said(outcome(log, fold))


@settings(deadline=None, max_examples=50)
@given(LOGS, PLACES, PLACES)
def test_nor_do_they_for_a_view(log: list[Any], cuts: set[int], restarts: set[int]) -> None:
    counted = outcome(log).emitted
    whole = run(show_totals, counted, catalogue=CATALOGUE)
    assert run(show_totals, counted, catalogue=CATALOGUE, cuts=cuts, restarts=restarts) == whole


@settings(deadline=None, max_examples=50)
@given(FOLDS, LOGS)
def test_no_two_events_have_the_same_id(fold: Fold, log: list[Any]) -> None:
    own = [event for event in log if not (isinstance(event, Deposited) and event.event_id)]
    ids = [event.event_id for event in outcome(own, fold).emitted]
    assert len(ids) == len(set(ids))


def _said(outcome: Outcome) -> Outcome:
    """Without the stacks in dead letters, which name lines of the test."""
    outcome.dead = [
        sent._replace(headers=tuple((name, value) for name, value in sent.headers if name != "stack"))
        for sent in outcome.dead
    ]
    return outcome
