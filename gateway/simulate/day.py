"""Carry a plan of visits out against a gateway, at its pace, and remember what was confirmed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from gateway.client.gateway import Refused
from gateway.simulate.confirmed import Confirmed
from gateway.simulate.guests import Guest, Guests
from gateway.simulate.pace import Pace
from gateway.simulate.playing import Playing
from gateway.simulate.visits import Visit
from gateway.simulate.wire import Wire

SHELF = 8


class Day:
    """Visits under way."""

    def __init__(self, wire: Wire, guests: Guests, pace: Pace, confirmed: Confirmed) -> None:
        self._wire, self._guests, self._pace = wire, guests, pace
        self.confirmed = confirmed
        self.begun = self.done = 0

    async def pass_by(self, visits: Sequence[Visit], seconds: float) -> None:
        """Carry out every visit. After `seconds` nobody waits any more: what is left is sent at once."""
        begun = time.monotonic()
        over = asyncio.get_running_loop().call_later(seconds, self._pace.end)
        try:
            async with asyncio.TaskGroup() as people:
                for visit in visits:
                    await asyncio.sleep(max(0.0, begun + visit.at - time.monotonic()))
                    people.create_task(self._visit(visit))
        finally:
            over.cancel()

    async def _visit(self, visit: Visit) -> None:
        self.begun += 1
        try:
            guest = await self._guests.welcome(visit.viewer)
            await self._browse(visit, guest)
            await Playing(self._wire, self._pace, self.confirmed, visit, guest).run()
            async with self._guests.turn(visit.viewer):
                await self._rate(visit, guest)
        except Refused as refusal:
            self.confirmed.wrong(f"{visit.viewer.name}: {refusal}")
        finally:
            self.done += 1

    async def _browse(self, visit: Visit, guest: Guest) -> None:
        """Perhaps the first page, perhaps a search."""
        if not visit.direct:
            await self._wire.get("/v1/recommendations", guest.bearer, limit=SHELF, **guest.visitor)
            await self._wire.get("/v1/trending", limit=SHELF)
        if visit.search:
            await self._wire.get("/v1/suggest", q=visit.search[:3])
            await self._wire.get("/v1/search", guest.bearer, q=visit.search)

    async def _rate(self, visit: Visit, guest: Guest) -> None:
        """One after the other: the last that is confirmed stands."""
        path = f"/v1/videos/{visit.film.video_id}/rating"
        for stars in visit.ratings:
            if stars is None:
                await self._wire.call("DELETE", path, bearer=guest.bearer)
            else:
                await self._wire.call("PUT", path, {"stars": stars}, bearer=guest.bearer)
            self.confirmed.rated(guest.name, visit.film.video_id, stars)
