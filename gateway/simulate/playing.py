"""One viewing carried out: begin a session, hand its beacons in, each until it is confirmed."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from gateway.simulate.confirmed import Confirmed, Session, Told
from gateway.simulate.guests import Guest
from gateway.simulate.pace import Pace
from gateway.simulate.visits import Visit
from gateway.simulate.watching import Seen
from gateway.simulate.wire import Wire

SHELF = 8
TOO_MANY = "too-many"


class Playing:
    """A player. The times of its beacons are the session's beginning plus what has passed, so clocks need not agree."""

    def __init__(self, wire: Wire, pace: Pace, confirmed: Confirmed, visit: Visit, guest: Guest) -> None:
        self._wire, self._pace, self._confirmed = wire, pace, confirmed
        self._visit, self._guest = visit, guest
        self._told: dict[int, Told] = {}

    async def run(self) -> None:
        """Raises Refused where a session or a request is."""
        path = f"/v1/videos/{self._visit.film.video_id}"
        await self._wire.get(path, self._guest.bearer)
        session, token = await begin(self._wire, self._visit.film.video_id, self._visit.film.duration_ms, self._guest)
        begun, passed = time.monotonic(), 0
        for post in self._visit.posts:
            await self._pace.pause((post.after_ms - passed) / 1000)
            passed = post.after_ms
            told = [self._first_told(session, seen, time.monotonic() - begun) for seen in post.beacons]
            await tell(self._wire, self._confirmed, session, token, told)
        await self._wire.get(path + "/next", self._guest.bearer, limit=SHELF, **self._guest.visitor)

    def _first_told(self, session: Session, seen: Seen, elapsed: float) -> Told:
        """Never in the future: who watches faster than a clock reports what the clock says."""
        at = session.began_at + min(seen.after_ms, round(elapsed * 1000))
        return self._told.setdefault(seen.sequence, Told(at, seen))


async def begin(wire: Wire, video_id: str, duration_ms: int, guest: Guest) -> tuple[Session, str]:
    """A new session and its token."""
    answer = await wire.call("POST", f"/v1/videos/{video_id}/playback", guest.visitor, bearer=guest.bearer)
    session = Session(answer["session_id"], video_id, guest, duration_ms)
    return session, answer["token"]


async def tell(wire: Wire, confirmed: Confirmed, session: Session, token: str, told: list[Told]) -> None:
    """Send beacons of one session until they are confirmed; what is refused is remembered as wrong."""
    while told:
        confirmed.unknown += 1
        answer = await wire.call("POST", "/v1/beacons", [beacon(token, one) for one in told])
        confirmed.unknown -= 1
        refused = {one["index"]: one for one in answer["refused"]}
        confirmed.told(session, [one for index, one in enumerate(told) if index not in refused])
        for one in refused.values():
            if one["code"] != TOO_MANY:
                confirmed.wrong(f"a beacon of {session.session_id}: {one['code']}: {one['detail']}")
        told = [told[index] for index, one in refused.items() if one["code"] == TOO_MANY]
        await asyncio.sleep(1 if told else 0)


def beacon(token: str, told: Told) -> dict[str, Any]:
    """As a player posts it."""
    seen = told.seen
    return {
        "token": token, "sequence": seen.sequence, "kind": seen.kind, "at": told.at, "position_ms": seen.position_ms,
        "advanced_ms": seen.advanced_ms, "stalled_ms": seen.stalled_ms, "buffer_ms": 12_000,
        "rendition": seen.rendition, "throughput_kbps": seen.throughput_kbps,
    }  # fmt: skip
