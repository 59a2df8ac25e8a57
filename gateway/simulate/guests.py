"""Viewers as the gateway knows them: accounts with a token, visitors with a string of their own."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass

from gateway.access.caller import Role
from gateway.simulate.viewers import Viewer
from gateway.simulate.wire import Wire

DEV_TOKEN = "/v1/dev/token"


@dataclass(frozen=True)
class Guest:
    """`name`: an account's subject where there is a `bearer`, else a visitor's string."""

    name: str
    bearer: str | None

    @property
    def visitor(self) -> dict[str, str]:
        """What an anonymous viewer says of themselves in queries and bodies."""
        return {} if self.bearer else {"visitor": self.name}


class Guests:
    """Everybody's way in, asked for once. `run` distinguishes days of one seed."""

    def __init__(self, wire: Wire, run: str) -> None:
        self._wire, self._run = wire, run
        self._known: dict[str, Guest] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def welcome(self, viewer: Viewer) -> Guest:
        """Raises Refused where the gateway gives no development tokens."""
        async with self.turn(viewer):
            if viewer.name not in self._known:
                name = f"{viewer.name}-{self._run}"
                bearer = await signed_in(self._wire, name) if viewer.signed_in else None
                self._known[viewer.name] = Guest(name, bearer)
        return self._known[viewer.name]

    def turn(self, viewer: Viewer) -> asyncio.Lock:
        """Held for what a viewer must do one after the other."""
        return self._turns[viewer.name]


async def signed_in(wire: Wire, subject: str, role: Role = "viewer") -> str:
    """A development token; raises Refused where there are none."""
    return (await wire.call("POST", DEV_TOKEN, {"subject": subject, "role": role}))["token"]
