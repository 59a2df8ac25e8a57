"""How long until what was sent shows in an answer: probes by viewers and videos of their own, during the load."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from string import ascii_lowercase

from gateway.simulate.confirmed import Confirmed, Told
from gateway.simulate.films import Film
from gateway.simulate.guests import Guest
from gateway.simulate.playing import begin, tell
from gateway.simulate.watching import Seen
from gateway.simulate.wire import Json, Wire

LOOK_EVERY = 0.02
GIVE_UP = 30.0
A_VIEW_MS = 10_000
SHELF = 20
TOGETHER = "watched_together"


@dataclass
class Freshness:
    """Milliseconds from sending to the first answer that shows it, by what was asked."""

    times: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    late: list[str] = field(default_factory=list[str])

    def percentile(self, name: str, percent: int) -> int:
        """Nearest rank; 0 where nothing was measured."""
        ordered = sorted(self.times.get(name, []))
        return round(ordered[max(0, -(-len(ordered) * percent // 100) - 1)]) if ordered else 0


@dataclass
class Probes:
    """`films` are watched by no one else; `operator` may describe them.

    The first is for analytics and search; each two of the rest for one round of `next`.
    """

    wire: Wire
    films: Sequence[Film]
    operator: str
    confirmed: Confirmed
    run: str
    measured: Freshness = field(default_factory=Freshness)
    _guests: int = 0

    async def go_on(self, count: int, pause: float) -> None:
        """`count` rounds of all three, one after the other, with pauses of so many seconds."""
        for number in range(count):
            for probe in (self.analytics, self.search, self.next):
                await probe(number)
                await asyncio.sleep(pause)

    async def analytics(self, number: int) -> None:
        """Ten seconds watched: the number of views and the minutes move."""
        path = f"/v1/videos/{self.films[0].video_id}/analytics"
        before = await self.wire.get(path)
        wanted = (before["views"] + 1, before["watched_ms"] + A_VIEW_MS)
        sent = time.perf_counter()
        await self._watch(self.films[0], self._guest())
        await self._until("analytics", sent, path, {}, lambda now: (now["views"], now["watched_ms"]) == wanted)

    async def search(self, number: int) -> None:
        """A new title: a search for its new word finds it."""
        film = self.films[0]
        word = "".join(Random(f"{self.run} word {number}").choices(ascii_lowercase, k=12))
        sent = time.perf_counter()
        title = {"title": f"{film.title} {word}"}
        await self.wire.call("PATCH", f"/v1/videos/{film.video_id}", title, bearer=self.operator)
        await self._until("search", sent, "/v1/search", {"q": word}, lambda now: film.video_id in ids(now))

    async def next(self, number: int) -> None:
        """A viewer of one film watches another: viewers of the first are told that it was watched together."""
        one, other = self.films[2 * number + 1 : 2 * number + 3]
        guest = self._guest()
        await self._watch(one, guest)
        sent = time.perf_counter()
        await self._watch(other, guest)
        path, query = f"/v1/videos/{one.video_id}/next", {"limit": SHELF}
        await self._until("next", sent, path, query, lambda now: TOGETHER in reasons(now, other))

    def _guest(self) -> Guest:
        self._guests += 1
        return Guest(f"probe-{self.run}-{self._guests}", None)

    async def _watch(self, film: Film, guest: Guest) -> None:
        """A view in one beacon."""
        session, token = await begin(self.wire, film.video_id, film.duration_ms, guest)
        seen = Seen(0, "playing", 0, A_VIEW_MS, A_VIEW_MS)
        await tell(self.wire, self.confirmed, session, token, [Told(session.began_at, seen)])

    async def _until(self, name: str, sent: float, path: str, query: Json, shows: Callable[[Json], bool]) -> None:
        while not shows(await self.wire.get(path, **query)):
            if time.perf_counter() - sent > GIVE_UP:
                self.measured.late.append(f"{name}: not shown within {GIVE_UP:.0f} s")
                return
            await asyncio.sleep(LOOK_EVERY)
        self.measured.times.setdefault(name, []).append((time.perf_counter() - sent) * 1000)


def ids(answer: Json) -> set[str]:
    """Of the videos on a shelf."""
    return {video["video_id"] for video in answer["videos"]}


def reasons(answer: Json, film: Film) -> set[str]:
    """Why the film is on a shelf, if it is."""
    return {video["reason"]["code"] for video in answer["videos"] if video["video_id"] == film.video_id}
