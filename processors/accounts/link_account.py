"""Settle which pseudonym an account has, and forget it when its owner says so.

In:      accounts  (AccountLinked, AccountForgotten, by account)
Out:     accounts  (AccountLinked restated, a tombstone)
         watches   (WatchesForgotten)
         ratings   (RatingsForgotten)
Into:    accounts  (a row an account)
State:   the pseudonym; dropped when the account is forgotten
Replay:  safe: the first link in the log stays, whatever raced
"""

from __future__ import annotations

import msgspec

from processors.accounts.tables import ACCOUNTS
from schemas.accounts import AccountForgotten, AccountLinked
from schemas.ratings import RatingsForgotten
from schemas.watches import WatchesForgotten
from streams.event import Tombstone
from streams.processor import State, Step, fold


class Account(State, frozen=True):
    """`viewer_id` is empty where none is linked; `restating`: how many links of our own have yet to come by."""

    viewer_id: str = ""
    restating: int = 0

    def to(self, **changes: object) -> Account:
        return msgspec.structs.replace(self, **changes)


@fold(
    reads=[AccountLinked, AccountForgotten],
    emits=[AccountLinked, WatchesForgotten, RatingsForgotten],
    into=ACCOUNTS,
)
def link_account(account: Account, event: AccountLinked | AccountForgotten) -> Step[Account]:
    """The first pseudonym stays. What compaction keeps of a key is this fold's last word: a link or a tombstone."""
    match event:
        case AccountLinked(restated=True):
            return _heard(account, event)
        case AccountLinked():
            return _link(account, event)
        case AccountForgotten():
            return _forget(account, event)


def _link(account: Account, link: AccountLinked) -> Step[Account]:
    """Restated even where it is the first: the tombstone of the account before may stand behind it in the log."""
    viewer = account.viewer_id or link.viewer_id
    stands = AccountLinked(account_id=link.account_id, viewer_id=viewer, restated=True)
    return Step(Account(viewer_id=viewer, restating=account.restating + 1), [stands])


def _heard(account: Account, link: AccountLinked) -> Step[Account]:
    """Our own word. One that nobody waits for is what compaction has left of the log before: it is the link."""
    if account.restating == 0:
        return Step(account.to(viewer_id=account.viewer_id or link.viewer_id))
    return _kept(account.to(restating=account.restating - 1))


def _forget(account: Account, event: AccountForgotten) -> Step[Account]:
    """Restatements still on their way stand before the tombstone; they must not link the account again."""
    viewer, gone = account.viewer_id, Tombstone(AccountLinked, event.account_id)
    told = [WatchesForgotten(viewer_id=viewer), RatingsForgotten(viewer_id=viewer)] if viewer else []
    return Step(_kept(account.to(viewer_id="")).state, [*told, gone])


def _kept(account: Account) -> Step[Account]:
    return Step(account if account.viewer_id or account.restating else None)
