"""A declaration whose order is not in the log is refused when its module is read: no worker starts with it."""

from __future__ import annotations

import pytest

from streams.event import Wake
from streams.processor import Moment, ProcessorError, State, Step, fold, view
from streams.tables import Table, Write
from tests.sample import Closed, Counted, Deposited

BY_ACCOUNT = Table("by_account", key={"account": "text"}, columns={"total": "bigint"})
BY_TOTAL = Table("by_total", key={"total": "bigint"}, columns={"account": "text"})


class Nothing(State, frozen=True):
    """A fold's memory."""


def test_a_fold_reads_one_topic() -> None:
    with pytest.raises(
        ProcessorError, match=r"(?s)fold mixed reads deposits, totals; the order .* mend:   forward one"
    ):

        @fold(reads=[Deposited, Counted])
        def mixed(state: Nothing, event: Deposited | Counted | Wake) -> Step[Nothing]:  # pyright: ignore[reportUnusedFunction]
            return Step(state)


def test_and_all_events_of_it() -> None:
    @fold(reads=[Deposited, Closed])
    def whole(state: Nothing, event: Deposited | Closed, at: Moment) -> Step[Nothing]:
        return Step(state)

    assert {event.topic for event in whole.reads} == {"deposits"}
    assert whole.takes_moment


def test_a_row_is_of_one_key_of_its_topic() -> None:
    with pytest.raises(ProcessorError, match=r"(?s)by_total is known by total, which does not hold account.*mend"):

        @view(reads=Counted, into=BY_TOTAL)
        def shown(event: Counted) -> Write:  # pyright: ignore[reportUnusedFunction]
            return BY_TOTAL.put(total=event.total, account=event.account)

    @view(reads=Counted, into=BY_ACCOUNT)
    def kept(event: Counted) -> Write:
        return BY_ACCOUNT.put(account=event.account, total=event.total)

    assert kept.into == (BY_ACCOUNT,)
