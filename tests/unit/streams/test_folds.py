"""Given a log, when a fold runs over it, then its state, its events and its dead letters are these."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from streams.codec import wire_id
from streams.event import seconds
from streams.harness import Outcome, run
from streams.letters import IN_A_ROW, TooManyDeadLetters
from streams.processor import Moment, Step, fold
from streams.record import Outgoing
from streams.resolutions import Letter, read_letter, unresolved
from tests import sample
from tests.sample import Closed, Counted, Deposited, Reminded, Total, count_deposits, nag

CATALOGUE = sample.catalogue()


def counted(*log: Any, **how: Any) -> Outcome:
    return run(count_deposits, log, catalogue=CATALOGUE, **how)


def totals(outcome: Outcome) -> list[tuple[str, int, int]]:
    return [(e.account, e.total, e.number) for e in outcome.emitted if isinstance(e, Counted)]


def letters(outcome: Outcome) -> list[Letter]:
    return [read_letter(sent.key, sent.value, sent.headers) for sent in outcome.dead]


def paid(account: str, amount: int, name: str = "", hold_ms: int = 0) -> Deposited:
    return Deposited(event_id=name, account=account, amount=amount, hold_ms=hold_ms)


def test_state_is_kept_by_key() -> None:
    outcome = counted(paid("ann", 3), paid("bob", 5), paid("ann", 4))
    assert totals(outcome) == [("ann", 3, 1), ("bob", 5, 1), ("ann", 7, 2)]
    assert outcome.states == {"ann": Total(total=7, number=2), "bob": Total(total=5, number=1)}


def test_an_id_is_accepted_once_by_a_key() -> None:
    outcome = counted(paid("ann", 3, "x"), paid("ann", 3, "x"), paid("bob", 3, "x"))
    assert totals(outcome) == [("ann", 3, 1), ("bob", 3, 1)]


def test_with_its_state_a_key_forgets_the_ids_it_accepted() -> None:
    outcome = counted(paid("ann", 3, "x"), Closed(account="ann"), paid("ann", 3, "x"))
    assert totals(outcome) == [("ann", 3, 1), ("ann", 3, 1)]


def test_emitted_events_are_named_after_their_cause() -> None:
    log = [paid("ann", 3, "x"), 5, paid("ann", 1000, "y")]
    first, second, third = counted(*log).emitted
    assert len({first.event_id, second.event_id, third.event_id}) == 3
    assert [first, second, third] == counted(*log).emitted
    assert (first.occurred_at, second.occurred_at) == (0, 5)


def test_a_timer_fires_at_the_record_that_moves_the_clock_past_it() -> None:
    outcome = counted(paid("ann", 3, hold_ms=10), 9, paid("ann", 1), 1, paid("ann", 1))
    assert [type(event) for event in outcome.emitted] == [Counted, Counted, Reminded, Counted]


def test_timers_due_together_fire_by_time_and_key() -> None:
    log = [paid("cid", 1, hold_ms=7), paid("bob", 1, hold_ms=9), paid("ann", 1, hold_ms=9), 100]
    reminded = [(e.account, e.at, e.occurred_at) for e in counted(*log).emitted if isinstance(e, Reminded)]
    assert reminded == [("cid", 7, 100), ("ann", 9, 100), ("bob", 9, 100)]


@pytest.mark.parametrize("cuts", [[], [3]])
def test_the_clock_of_a_partition_never_goes_back(cuts: list[int]) -> None:
    log = [20, -15, paid("ann", 3, hold_ms=10), 0]
    assert [type(event) for event in counted(*log, cuts=cuts).emitted] == [Counted, Reminded]


def test_a_timer_dies_with_its_key() -> None:
    outcome = counted(paid("ann", 3, hold_ms=10), Closed(account="ann"), seconds(1))
    assert not any(isinstance(event, Reminded) for event in outcome.emitted)


def nagged(*log: Any) -> list[str]:
    return [type(event).__name__[0] for event in run(nag, log, catalogue=CATALOGUE).emitted]


def test_a_timer_set_anew_in_the_past_fires_at_the_next_record() -> None:
    assert nagged(paid("ann", 1)) == ["C"]
    assert nagged(paid("ann", 1), 1, 1, paid("bob", 1)) == ["C", "R", "R", "R", "C"]


def test_a_key_is_forgotten_after_its_last_event() -> None:
    assert nagged(paid("ann", 1), 19) == ["C", "R"]
    assert nagged(paid("ann", 1), 20) == ["C", "R"]  # due at 0, so before it is forgotten at 20
    assert nagged(paid("ann", 1), 20, 1) == ["C", "R"]
    assert nagged(paid("ann", 1), 15, paid("ann", 1), 15, 4) == ["C", "R", "R", "C", "R", "R"]
    assert run(nag, [paid("ann", 1), 20], catalogue=CATALOGUE).states == {}


@fold(reads=Counted, emits=Reminded, once=True)
def praise(event: Counted, at: Moment) -> list[Reminded]:
    return [Reminded(account=event.account, at=at.offset)] if event.total > 9 else []


def test_a_fold_without_state_forwards() -> None:
    big = Counted(event_id="x", account="ann", total=10, number=1)
    small = Counted(event_id="y", account="ann", total=1, number=1)
    outcome = run(praise, [small, big, big], catalogue=CATALOGUE, restarts=[2])
    assert [(event.account, event.at) for event in outcome.emitted if isinstance(event, Reminded)] == [("ann", 1)]
    assert outcome.states == {}


def test_what_a_fold_may_return_is_checked() -> None:
    @fold(reads=Counted, emits=Reminded)
    def careless(total: Total, event: Counted) -> Step[Total]:
        if event.total == 1:
            return Step(None, wake_at=5)
        return Step(total, [event]) if event.total == 2 else total  # pyright: ignore[reportReturnType]: it is careless

    log = [Counted(account=f"a{n}", total=n, number=1) for n in (1, 2, 3)]
    errors = [letter.error for letter in letters(run(careless, log, catalogue=CATALOGUE))]
    assert ["forgets a key and sets its timer" in errors[0], "emits=[Reminded, Counted]" in errors[1]] == [True, True]
    assert "return a Step" in errors[2]


def test_an_event_too_large_for_a_record_is_rejected() -> None:
    outcome = run(praise, [Counted(account="a" * 500_000, total=10, number=1)] * 2, catalogue=CATALOGUE)
    assert not letters(outcome)
    huge = run(praise, [Counted(account="a" * 4_000_000, total=10, number=1)], catalogue=CATALOGUE)
    assert "a record holds" in letters(huge)[0].error


def test_the_state_is_shown_as_a_row() -> None:
    outcome = run(nag, [paid("ann", 5), paid("bob", 1), paid("ann", 2)], catalogue=CATALOGUE)
    assert outcome.rows == {"nagged": [{"account": "ann", "total": 7}, {"account": "bob", "total": 1}]}


def test_a_parked_key_is_not_forgotten() -> None:
    log = [paid("ann", 5), paid("ann", 666), 100]
    outcome = run(nag, log, catalogue=CATALOGUE)
    assert outcome.states["ann"] == Total(total=5, number=1)
    dropped = run(nag, [*log, letters(outcome)[0].drop(), 20], catalogue=CATALOGUE)
    assert dropped.states == {}


def test_a_rejected_event_parks_what_its_key_sends_later() -> None:
    outcome = counted(paid("ann", 1), paid("ann", 666), paid("ann", 2), paid("bob", 3))
    assert totals(outcome) == [("ann", 1, 1), ("bob", 3, 1)]
    assert [(letter.fate, letter.record.offset) for letter in letters(outcome)] == [("dead", 1), ("parked", 2)]
    assert "Poison: 666" in letters(outcome)[0].error


def test_a_dead_letter_has_all_that_one_needs_to_mend_it() -> None:
    given = paid("ann", 666, "x")
    [dead] = counted(5, given).dead
    headers = dict(dead.headers)
    names = ("fate", "processor", "version", "topic", "partition", "offset", "timestamp", "error")
    assert [headers[name].decode() for name in names] == [
        "dead", "count_deposits", "test", "deposits", "0", "1", "5", "Poison: 666",
    ]  # fmt: skip
    assert (dead.topic, dead.key) == ("count_deposits-dlq", b"ann")
    assert dead.value == _bytes(msgspec.structs.replace(given, occurred_at=5))
    assert headers["schema"] == str(wire_id(dead.value)).encode()
    assert b'raise Poison("666")' in headers["stack"]


def test_a_replay_goes_on_where_the_key_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    log = [paid("ann", 1), paid("ann", 666), paid("ann", 2)]
    dead = letters(counted(*log))[0]
    monkeypatch.setattr(sample, "poisonous", lambda: False)
    healed = counted(*log)
    monkeypatch.undo()
    replays = {"n": 0}

    def cured_at_the_end() -> bool:
        replays["n"] += 1
        return replays["n"] == 1

    monkeypatch.setattr(sample, "poisonous", cured_at_the_end)
    outcome = counted(*log, dead.replay())
    assert totals(outcome) == totals(healed) == [("ann", 1, 1), ("ann", 667, 2), ("ann", 669, 3)]
    assert [e.event_id for e in outcome.emitted] == [e.event_id for e in healed.emitted]
    assert not unresolved(letters(outcome))


def test_a_drop_gives_up_the_first_and_applies_the_rest() -> None:
    log = [paid("ann", 1), paid("ann", 666), paid("ann", 2), paid("ann", 666), paid("ann", 4)]
    dead = letters(counted(*log))[0]
    outcome = counted(*log, dead.drop())
    assert totals(outcome) == [("ann", 1, 1), ("ann", 3, 2)]
    assert [(letter.fate, letter.record.offset) for letter in unresolved(letters(outcome))] == [
        ("parked", 4),
        ("dead", 3),
    ]


def test_the_timer_of_a_parked_key_waits_with_it() -> None:
    log = [paid("ann", 1, hold_ms=10), paid("ann", 666), 20]
    assert not any(isinstance(event, Reminded) for event in counted(*log).emitted)
    dead = letters(counted(*log))[0]
    assert [type(event) for event in counted(*log, dead.drop()).emitted] == [Counted, Reminded]


def test_bytes_that_are_no_event_are_a_dead_letter_of_their_key() -> None:
    outcome = counted(Outgoing("deposits", b"ann", b"rubbish", ()), paid("ann", 1), paid("bob", 1))
    assert totals(outcome) == [("bob", 1, 1)]
    assert letters(outcome)[0].record.value == b"rubbish"
    assert "Confluent wire format" in letters(outcome)[0].error


def test_a_record_under_another_key_than_its_event_is_rejected() -> None:
    outcome = counted(paid("ann", 1))
    [sent] = outcome.emitted
    assert isinstance(sent, Counted)
    stray = Outgoing("deposits", b"bob", _bytes(paid("ann", 1, "x")), ())
    assert "key is b'bob'" in letters(counted(stray))[0].error


def test_too_many_dead_letters_in_a_row_blame_the_processor() -> None:
    rejected = [paid(f"a{n}", 666) for n in range(IN_A_ROW)]
    assert len(counted(*rejected[1:]).dead) == IN_A_ROW - 1
    with pytest.raises(TooManyDeadLetters, match="correct the processor"):
        counted(*rejected)
    with pytest.raises(TooManyDeadLetters):
        counted(*rejected, cuts=range(IN_A_ROW), restarts=range(IN_A_ROW))


@pytest.mark.parametrize("cuts", [[], range(1000)])
def test_more_than_one_in_five_blame_it_too(cuts: Sequence[int]) -> None:
    bad = [paid(f"bad{n}", 666) for n in range(100)]
    good = [paid(f"good{n}", 1) for n in range(400)]
    fifth = [event for n in range(100) for event in (bad[n], *good[4 * n : 4 * n + 4])]
    assert len(counted(*fifth, cuts=cuts).dead) == 100
    fourth = [event for n in range(100) for event in (bad[n], *good[3 * n : 3 * n + 3])]
    with pytest.raises(TooManyDeadLetters, match="more than one in 5 for long"):
        counted(*fourth, cuts=cuts)


def _bytes(event: Deposited) -> bytes:
    from streams.in_memory import codec_of

    return codec_of(CATALOGUE).encode(event)
