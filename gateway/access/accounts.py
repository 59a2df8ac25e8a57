"""Which pseudonym an account has: read from the view of accounts, made at the first call, forgotten on demand."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from weakref import WeakValueDictionary

from gateway.access.caller import Caller, Identity
from gateway.after import behind, reached
from gateway.problems import outage
from gateway.reads import ACCOUNTS
from schemas.accounts import AccountForgotten, AccountLinked
from streams.log import Log
from streams.positions import Position, ViewPositions
from streams.rows import Rows
from streams.tail import Tail

log = logging.getLogger("playlog.gateway")
KEEP_SECONDS = 60.0  # longest that a pseudonym is believed without another look, should the log not be heard
MOST = 50_000
ROUNDS = 5
AGAIN = 2.0  # seconds between attempts to follow the log


@dataclass
class Accounts:
    """The pseudonyms of those who called lately. Bounded in time and number; losing one costs a read.

    The gateway hears which accounts are forgotten, here or elsewhere, drops what it knew of them, and believes the
    view again once that has come to where it was heard. So an account forgotten at one gateway is a stranger at all,
    and of two gateways that link an account at the same time both take the pseudonym that stands.
    """

    rows: Rows
    log: Log
    positions: ViewPositions
    wait: float  # seconds until a view that lags is given up
    clock: Callable[[], float] = monotonic
    _known: OrderedDict[str, tuple[float, str]] = field(default_factory=OrderedDict[str, tuple[float, str]])
    _changed: OrderedDict[str, Position] = field(default_factory=OrderedDict[str, Position])
    _locks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary[str, asyncio.Lock])

    async def caller(self, identity: Identity) -> Caller:
        """The caller under their pseudonym; a stranger gets one.

        Raises SinkDown or LogDown where a server is away, and a 503 problem where the view of accounts lags.
        """
        account = identity.account_id
        owner = self._fresh(account)
        if owner is None:
            async with self._locks.setdefault(account, asyncio.Lock()):
                owner = self._fresh(account) or await self._looked_up(account)
        return Caller(owner, identity.role, account)

    async def forget(self, account_id: str) -> Position:
        """Have the log forget the account; from that position on it is a stranger."""
        position = await self.log.post(AccountForgotten(account_id=account_id))
        self.changed(account_id, position)
        return position

    def changed(self, account_id: str, position: Position) -> None:
        """Believe nothing of the account that is older than `position`."""
        self._known.pop(account_id, None)
        known = self._changed.get(account_id)
        if known is None or known.offset < position.offset:
            self._changed[account_id] = position
        while len(self._changed) > MOST:
            self._changed.popitem(last=False)

    async def follow(self, tail: Tail) -> None:
        """Hear for ever which accounts are forgotten; after a failure all are looked up again."""
        while True:
            try:
                async with tail.follow(("accounts",)) as records:
                    self._known.clear()
                    async for recorded in records:
                        if isinstance(recorded.event, AccountForgotten):
                            self.changed(recorded.event.account_id, recorded.position)
            except Exception as error:
                log.warning("accounts are not heard of, the log does not answer: %s", error)
            await asyncio.sleep(AGAIN)

    async def _looked_up(self, account: str) -> str:
        """What the view says, once it has come to the account's last change; what changes meanwhile is looked up anew.

        A stranger is offered a pseudonym of chance, and the one that stands is read back.
        """
        for _ in range(ROUNDS):
            change = self._changed.get(account)
            if change is not None and not await reached(self.positions, ("link_account",), change, self.wait):
                raise behind(change)
            row = await self.rows.get(ACCOUNTS, account_id=account)
            owner: str = (row or {}).get("viewer_id") or ""
            if not owner:
                offer = AccountLinked(account_id=account, viewer_id=f"acct-{uuid.uuid4().hex}")
                self.changed(account, await self.log.post(offer))
            elif self._changed.get(account) == change:
                self._keep(account, owner)
                return owner
        raise outage("The view of accounts")

    def _fresh(self, account: str) -> str | None:
        until, owner = self._known.get(account, (0.0, None))
        return owner if self.clock() < until else None

    def _keep(self, account: str, owner: str) -> None:
        self._known[account] = (self.clock() + KEEP_SECONDS, owner)
        self._known.move_to_end(account)
        while len(self._known) > MOST:
            self._known.popitem(last=False)
