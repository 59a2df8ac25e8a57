"""Compare every view with the truth, once the views have come to it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gateway.simulate.compare import Compared, compare, wrong
from gateway.simulate.confirmed import Confirmed
from gateway.simulate.films import Film
from gateway.simulate.guests import Guest
from gateway.simulate.shelves import HALF_LIVES, look_at_recommended, look_at_trending
from gateway.simulate.shown import BY_HTTP, MEANS, shown_numbers
from gateway.simulate.stored import BY_TABLE, Stored
from gateway.simulate.trends import Range, trends
from gateway.simulate.truth import Numbers, Watch, numbers, viewers_of, watches
from gateway.simulate.wire import Wire

LANES, SHELF = 8, 50
DISLIKED = 2  # stars or fewer
AGAIN = 1.0  # seconds between looks
STILL = 2.0  # seconds for which what is right must stay right: what is counted twice may come late
Logs = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Before:
    """What was there before the simulation: counts and trending logs add up."""

    numbers: Numbers = field(default_factory=dict)
    logs: Logs = field(default_factory=dict[str, dict[str, float]])


@dataclass(frozen=True)
class Checker:
    """Looks at the views of these films. Without `stored`, only what the interface shows is compared."""

    wire: Wire
    films: Sequence[Film]
    stored: Stored | None

    async def look(self) -> Before:
        """What the views show now."""
        shown = await shown_numbers(self.wire, self.films)
        if self.stored is None:
            return Before(shown)
        return Before({**shown, **await self.stored.numbers(self.films)}, await self.stored.logs(self.films))

    async def check(self, confirmed: Confirmed, before: Before, patience: float) -> list[Compared]:
        """Look until all is right and stays so, at most `patience` seconds; what was compared at the last look."""
        limit, right = time.monotonic() + patience, 0.0
        while True:
            shown = await self.look()
            found, now = self.counts(confirmed, before, shown), time.monotonic()
            if (right and now - right >= STILL) or now > limit:
                return found + await self.lists(confirmed, before, shown)
            right = (right or now) if not wrong(found) else 0.0
            await asyncio.sleep(AGAIN)

    def counts(self, confirmed: Confirmed, before: Before, shown: Before) -> list[Compared]:
        """Numbers and trends of every film."""
        truth = numbers(confirmed)
        found = [*compare(BY_HTTP, truth, shown.numbers, before.numbers), self.means(shown)]
        if self.stored is None:
            return found
        stored = compare(BY_TABLE, truth, shown.numbers, before.numbers)
        return [*found, *stored, self.trends(confirmed, before, shown)]

    async def lists(self, confirmed: Confirmed, before: Before, shown: Before) -> list[Compared]:
        """What trends and is found, everybody's shelf and history."""
        seen = watches(confirmed)
        found = [await self.trending(seen, before), await self.recommended(confirmed, seen), await self.search()]
        return [*found, await self.histories(confirmed, seen, self.stored)] if self.stored else found

    def means(self, shown: Before) -> Compared:
        """Of what is kept, which is compared by itself."""
        found = Compared(MEANS)
        for film in self.films if self.stored else ():
            count, stars = (shown.numbers.get((name, film.video_id), 0) for name in ("ratings", "stars kept"))
            wanted = round(100 * stars / count) if count else 0
            got = shown.numbers.get((MEANS, film.video_id), 0)
            found.look(abs(got - wanted) <= 1, f"{MEANS} of {film.video_id}: {got} hundredths shown, {wanted} true")
        return found

    def trends(self, confirmed: Confirmed, before: Before, shown: Before) -> Compared:
        """Three logs a video."""
        found, expected = Compared("trends"), trends(watches(confirmed))
        for video, trend in expected.items():
            ranges: dict[str, Range] = {"hour_log": trend.hour, "day_log": trend.day, "viewers_log": trend.viewers}
            for log, one in ranges.items():
                wanted = one.after(before.logs.get(video, {}).get(log))
                got = shown.logs.get(video, {}).get(log, float("nan"))
                found.look(wanted.holds(got), f"{log} of {video}: {got} shown, {wanted.low} to {wanted.high} true")
        for video in shown.logs.keys() - expected.keys() - before.logs.keys():
            found.look(False, f"trends of {video}: shown, but nobody has watched it")
        return found

    async def trending(self, seen: Mapping[str, Sequence[Watch]], before: Before) -> Compared:
        """The list of both windows; without `stored`, only of films that nobody watched before."""
        found, expected, viewers = Compared("trending"), trends(seen), viewers_of(seen)
        fresh = {video for video in expected if video not in before.logs}
        for window in HALF_LIVES:
            answer = await self.wire.get("/v1/trending", window=window, limit=SHELF)
            logs = {video: expected[video].hour if window == "1h" else expected[video].day for video in fresh}
            look_at_trending(found, answer, logs, {video: viewers[video] for video in fresh}, SHELF)
        return found

    async def recommended(self, confirmed: Confirmed, seen: Mapping[str, Sequence[Watch]]) -> Compared:
        """Everybody's recommendations."""
        found, gate = Compared("recommended"), asyncio.Semaphore(LANES)

        async def one(guest: Guest) -> None:
            async with gate:
                answer = await self.wire.get("/v1/recommendations", guest.bearer, limit=SHELF, **guest.visitor)
            bad = {v for (who, v), stars in confirmed.ratings.items() if who == guest.name and (stars or 3) <= DISLIKED}
            watched = {watch.video_id for watch in seen.get(guest.name, ())}
            look_at_recommended(found, answer, guest.name, watched | bad)

        await asyncio.gather(*(one(guest) for guest in confirmed.guests.values()))
        return found

    async def search(self) -> Compared:
        """Every film is found by its title."""
        found, gate = Compared("search"), asyncio.Semaphore(LANES)

        async def one(film: Film) -> None:
            async with gate:
                answer = await self.wire.get("/v1/search", q=film.title, limit=SHELF)
            there = any(video["video_id"] == film.video_id for video in answer["videos"])
            found.look(there, f"search for “{film.title}”: {film.video_id} is not among {answer['total']} found")

        await asyncio.gather(*(one(film) for film in self.films))
        return found

    async def histories(self, confirmed: Confirmed, seen: Mapping[str, Sequence[Watch]], stored: Stored) -> Compared:
        """Of everybody who watched, when and what."""
        found = Compared("histories")
        shown = await asyncio.gather(*(stored.history(guest) for guest in confirmed.guests.values()))
        for viewer, got in zip(confirmed.guests, shown, strict=True):
            wanted = {(watch.at, watch.video_id) for watch in seen.get(viewer, ())}
            found.look(got == wanted, f"history of {viewer}: {len(got)} views shown, {len(wanted)} true")
        return found
