"""What is erased is gone from rows and compacted topics, and what comes later lives on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.catalogue import Catalogue
from streams.event import Event, Tombstone
from streams.harness import Topology, run
from streams.processor import Moment, State, Step, fold, view
from streams.resolutions import read_letter
from streams.sinks import Placed
from streams.tables import Table, Write
from streams.tally import count, tally
from streams.viewing import coalesced
from tests import sample
from tests.sample import Closed, Counted, Deposited

BALANCES = Table("balances", key={"account": "text"}, columns={"total": "bigint", "note": "text"})
ENTRIES = Table("entries", key={"account": "text"}, rows={"hold_ms": "bigint"}, columns={"amount": "bigint"})
PER_ACCOUNT = Table("per_account", key={"account": "text"}, rows={"partition": "int"}, columns={"number": "bigint"})


def catalogue(compact: bool = True) -> Catalogue:
    known = sample.catalogue()
    return replace(known, topics={**known.topics, "totals": replace(known.topics["totals"], compact=compact)})


class Balance(State, frozen=True):
    total: int = 0
    note: str | None = None


@fold(reads=[Deposited, Closed], emits=Counted, into=BALANCES)
def keep_balance(balance: Balance, event: Deposited | Closed) -> Step[Balance]:
    """A closed account leaves no row, and nothing in the compacted topic of totals."""
    if isinstance(event, Closed):
        return Step(None, [Tombstone(Counted, event.account)])
    after = Balance(total=balance.total + event.amount, note="large" if event.amount > 100 else balance.note)
    return Step(after, [Counted(account=event.account, total=after.total, number=0)])


@view(reads=[Deposited, Closed], into=ENTRIES)
def list_entries(event: Deposited | Closed) -> Sequence[Write]:
    """A closed account's list begins anew with an entry that says so."""
    if isinstance(event, Closed):
        return [ENTRIES.clear(account=event.account), ENTRIES.put(account=event.account, hold_ms=-1, amount=0)]
    if event.amount == 0:
        return [ENTRIES.clear(account=event.account, hold_ms=event.hold_ms)]
    return [ENTRIES.put(account=event.account, hold_ms=event.hold_ms, amount=event.amount)]


@view(reads=Counted, into=PER_ACCOUNT)
def see_totals(event: Counted) -> Write:
    return PER_ACCOUNT.put(account=event.account, partition=7, number=event.total)


count_totals = tally(reads=Counted, by=["account"], totals={"number": count()}, into=PER_ACCOUNT, name="count_totals")


def deposit(account: str, amount: int, hold_ms: int = 0) -> Deposited:
    return Deposited(account=account, amount=amount, hold_ms=hold_ms)


def test_a_state_that_ends_takes_its_row_with_it() -> None:
    outcome = run(keep_balance, [deposit("a", 500), deposit("b", 1), Closed(account="a")], catalogue=catalogue())
    assert outcome.rows["balances"] == [{"account": "b", "total": 1}]
    assert outcome.erased == [Tombstone(Counted, "a")]


LOGS = st.lists(
    st.one_of(
        st.builds(deposit, st.sampled_from("ab"), st.sampled_from([0, 5, 500]), st.integers(0, 2)),
        st.builds(Closed, account=st.sampled_from("ab")),
    ),
    max_size=20,
)
PLACES = st.sets(st.integers(0, 20))


@settings(deadline=None, max_examples=100)
@given(LOGS, PLACES, PLACES)
def test_rows_do_not_depend_on_batches(log: list[Event], cuts: set[int], restarts: set[int]) -> None:
    for processor in (keep_balance, list_entries):
        whole = run(processor, log, catalogue=catalogue(), cuts=range(len(log)))
        assert run(processor, log, catalogue=catalogue(), cuts=cuts, restarts=restarts).rows == whole.rows


def test_a_view_clears_rows_and_goes_on() -> None:
    log = [deposit("a", 1, 1), deposit("a", 2, 2), deposit("b", 3, 1), deposit("b", 4, 2)]
    assert run(list_entries, [*log, Closed(account="a"), deposit("b", 0, 2)], catalogue=catalogue()).rows[
        "entries"
    ] == [
        {"account": "a", "hold_ms": -1, "amount": 0},
        {"account": "b", "hold_ms": 1, "amount": 3},
    ]


def test_writes_that_a_later_clearing_covers_are_left_out() -> None:
    def at(offset: int, write: Write, index: int = 0) -> Placed:
        return Placed(write, Moment("deposits", 0, offset, 0), index)

    gone = [at(1, ENTRIES.put(account="a", hold_ms=1, amount=1)), at(2, ENTRIES.clear(account="a", hold_ms=1))]
    kept = [at(2, ENTRIES.put(account="b", hold_ms=1, amount=1)), at(3, ENTRIES.clear(account="a"))]
    later = [at(3, ENTRIES.put(account="a", hold_ms=1, amount=2), index=1)]
    assert coalesced([*gone, *kept, *later]) == [*kept, *later]


def test_readers_pass_tombstones_over() -> None:
    topology = Topology([keep_balance, see_totals, count_totals], catalogue=catalogue())
    for event in (deposit("a", 1), Closed(account="a"), deposit("a", 2)):
        topology.post(event)
    assert [event.total for event in topology.log("totals") if isinstance(event, Counted)] == [1, 2]
    assert topology.rows(BALANCES) == [{"account": "a", "total": 2}]
    assert topology.rows(PER_ACCOUNT) == [
        {"account": "a", "partition": 0, "number": 2},
        {"account": "a", "partition": 7, "number": 2},
    ]


def test_nothing_is_erased_from_a_topic_that_keeps_all() -> None:
    [dead] = run(keep_balance, [Closed(account="a")], catalogue=catalogue(compact=False)).dead
    assert 'write "compact: true"' in read_letter(dead.key, dead.value, dead.headers).error
