"""Compare every view with the truth, once the views have come to it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from gateway.simulate.compare import Compared, compare, wrong
from gateway.simulate.confirmed import Confirmed
from gateway.simulate.films import Film
from gateway.simulate.shown import BY_HTTP, MEANS, shown_numbers
from gateway.simulate.stored import BY_TABLE, Stored
from gateway.simulate.trends import Range, trends
from gateway.simulate.truth import Numbers, numbers, watches
from gateway.simulate.wire import Wire

AGAIN = 0.5  # seconds between looks
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
            found = await self.compared(confirmed, before)
            now = time.monotonic()
            right = (right or now) if not wrong(found) else 0.0
            if (right and now - right >= STILL) or (not right and now > limit):
                return found
            await asyncio.sleep(AGAIN)

    async def compared(self, confirmed: Confirmed, before: Before) -> list[Compared]:
        """One look at every view."""
        shown = await self.look()
        truth = numbers(confirmed)
        found = [*compare(BY_HTTP, truth, shown.numbers, before.numbers), self.means(shown)]
        if self.stored is not None:
            found += compare(BY_TABLE, truth, shown.numbers, before.numbers)
            found += [self.trends(confirmed, before, shown), await self.histories(confirmed, self.stored)]
        return found

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

    async def histories(self, confirmed: Confirmed, stored: Stored) -> Compared:
        """Of everybody who watched, when and what."""
        found, seen = Compared("histories"), watches(confirmed)
        people = {session.viewer: session for session in confirmed.sessions.values()}
        shown = await asyncio.gather(*(stored.history(session) for session in people.values()))
        for viewer, got in zip(people, shown, strict=True):
            wanted = {(watch.at, watch.video_id) for watch in seen.get(viewer, [])}
            found.look(got == wanted, f"history of {viewer}: {len(got)} views shown, {len(wanted)} true")
        return found
