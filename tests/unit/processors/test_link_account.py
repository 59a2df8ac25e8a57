"""Whatever races, an account has one pseudonym; once it is forgotten, nothing leads back to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, cast

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.accounts.link_account import Account, link_account
from processors.accounts.tables import ACCOUNTS
from schemas.accounts import AccountForgotten, AccountLinked
from schemas.ratings import RatingsForgotten
from schemas.watches import WatchesForgotten
from streams.event import Event, natural_id
from streams.harness import Topology, run
from streams.in_memory import MemoryFold, catalogue_of, codec_of
from streams.record import Outgoing, Record

KEY, OTHER = "b0c8e7d6a5f4", "0a1b2c3d4e5f"
CATALOGUE = catalogue_of([link_account])
CODEC = codec_of(CATALOGUE)
Command = AccountLinked | AccountForgotten
Step = Command | Literal["read", "write"]
KEYS = st.sampled_from([KEY, OTHER])
PSEUDONYMS = st.sampled_from([f"acct-{n}" for n in range(50)])
LINKS = st.builds(AccountLinked, account_id=KEYS, viewer_id=PSEUDONYMS)
STEPS = st.lists(
    st.one_of(LINKS, LINKS, st.builds(AccountForgotten, account_id=KEYS), st.just("read"), st.just("write")),
    max_size=40,
)


def linked(viewer: str) -> AccountLinked:
    return AccountLinked(account_id=KEY, viewer_id=viewer)


@dataclass
class Racing:
    """The fold on its topic, where commands come in while it reads, and before what it says is written."""

    fold: MemoryFold = field(default_factory=lambda: MemoryFold(link_account, CATALOGUE, CODEC))
    log: list[Record] = field(default_factory=list[Record])
    said: list[Outgoing] = field(default_factory=list[Outgoing])

    def take(self, step: Step) -> None:
        match step:
            case "read":
                self.take("write")
                self.said = list(self.fold.take(self.log[self.fold.applied.offset + 1 :]).outgoing)
            case "write":
                said, self.said = self.said, []
                for record in said:
                    if record.topic == "accounts":
                        self._append((record.key or b"").decode(), record.value)
            case _:
                named = msgspec.structs.replace(step, event_id=natural_id("given", len(self.log)))
                self._append(step.account_id, CODEC.encode(named))

    def run(self, steps: list[Step]) -> Racing:
        for step in steps:
            self.take(step)
        while len(self.log) > self.fold.applied.offset + 1 or self.said:
            self.take("read")
        return self

    def pseudonyms(self) -> dict[str, str]:
        states = cast("dict[str, Account]", self.fold.states())
        return {key: state.viewer_id for key, state in states.items() if state}

    def compacted(self) -> dict[str, Event]:
        """What compaction leaves: the last record of each key, but for tombstones."""
        last = {(record.key or b"").decode(): record.value for record in self.log}
        return {key: CODEC.decode(value) for key, value in last.items() if value is not None}

    def _append(self, key: str, value: bytes | None) -> None:
        self.log.append(Record(0, len(self.log), 0, key.encode(), value))


def truth(log: list[Record]) -> dict[str, str]:
    """The first offer of each account since it was last forgotten."""
    known: dict[str, str] = {}
    for record in log:
        event = CODEC.decode(record.value) if record.value is not None else None
        if isinstance(event, AccountForgotten):
            known.pop(event.account_id, None)
        elif isinstance(event, AccountLinked) and not event.restated:
            known.setdefault(event.account_id, event.viewer_id)
    return known


def test_the_first_pseudonym_stays_and_is_what_compaction_keeps() -> None:
    made = Topology([link_account])
    for viewer in ("acct-1", "acct-2", "acct-3"):
        made.post(linked(viewer))
    assert made.rows(ACCOUNTS) == [{"account_id": KEY, "viewer_id": "acct-1"}]
    last = made.log("accounts")[-1]
    assert isinstance(last, AccountLinked)
    assert (last.viewer_id, last.restated) == ("acct-1", True)


def test_a_forgotten_account_leaves_no_row_no_state_and_a_tombstone() -> None:
    made = Topology([link_account])
    for event in (linked("acct-1"), linked("acct-2"), AccountForgotten(account_id=KEY)):
        made.post(event)
    assert made.rows(ACCOUNTS) == []
    assert made.state(link_account, KEY) is None
    assert [event.viewer_id for event in made.log("watches") if isinstance(event, WatchesForgotten)] == ["acct-1"]
    assert [event.viewer_id for event in made.log("ratings") if isinstance(event, RatingsForgotten)] == ["acct-1"]
    assert Racing().run([linked("acct-1"), AccountForgotten(account_id=KEY)]).log[-1].value is None


def test_forgetting_again_or_a_stranger_is_harmless() -> None:
    made = Topology([link_account])
    for event in (AccountForgotten(account_id=KEY), linked("acct-1"), *[AccountForgotten(account_id=KEY)] * 2):
        made.post(event)
    assert made.rows(ACCOUNTS) == []
    assert len(made.log("watches")) == 1


def test_who_comes_back_is_a_stranger() -> None:
    made = Topology([link_account])
    for event in (linked("acct-1"), AccountForgotten(account_id=KEY), linked("acct-2")):
        made.post(event)
    assert made.rows(ACCOUNTS) == [{"account_id": KEY, "viewer_id": "acct-2"}]


def test_a_log_that_was_compacted_gives_the_same_accounts() -> None:
    said = AccountLinked(account_id=KEY, viewer_id="acct-1", restated=True)
    outcome = run(link_account, [said])
    assert outcome.rows["accounts"] == [{"account_id": KEY, "viewer_id": "acct-1"}]
    assert outcome.emitted == []


@settings(deadline=None, max_examples=400)
@given(STEPS)
def test_however_commands_race_the_fold_and_its_word_agree(steps: list[Step]) -> None:
    made = Racing().run(steps)
    wanted = truth(made.log)
    assert made.pseudonyms() == wanted
    kept = made.compacted()
    assert {key: event.viewer_id for key, event in kept.items() if isinstance(event, AccountLinked)} == wanted
    assert set(kept) == set(wanted)
