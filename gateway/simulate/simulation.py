"""One simulation from beginning to end: films, viewers, probes, hostile traffic, the check."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from gateway.client.gateway import Refused
from gateway.simulate.check import Before, Checker
from gateway.simulate.compare import Compared
from gateway.simulate.confirmed import Confirmed
from gateway.simulate.day import Day
from gateway.simulate.films import Film
from gateway.simulate.freshness import Freshness, Probes
from gateway.simulate.guests import Guests, signed_in
from gateway.simulate.hostile import Hostile
from gateway.simulate.pace import Pace
from gateway.simulate.publishing import delete, found, invented, known, publish, unalike
from gateway.simulate.stored import Stored
from gateway.simulate.truth import numbers
from gateway.simulate.visits import Visit, plan
from gateway.simulate.wire import Wire

PATIENCE = 60.0


@dataclass(frozen=True)
class Wanted:
    """What to simulate. `speed`: how much faster than a clock viewers watch. `publish`: films to invent for it."""

    viewers: int = 50
    rate: float = 2.0
    seconds: float = 60.0
    speed: float = 10.0
    seed: int = 1
    videos: tuple[str, ...] = ()
    publish: int = 0
    probes: int = 0
    check: bool = False
    hostile: bool = False


@dataclass
class Simulation:
    """A simulation under way. `stored` is needed to check what the interface does not show."""

    wire: Wire
    wanted: Wanted
    stored: Stored | None = None
    confirmed: Confirmed = field(default_factory=Confirmed)
    measured: Freshness = field(default_factory=Freshness)
    hostile: Compared = field(default_factory=lambda: Compared("hostile"))
    visits: Sequence[Visit] = ()
    run: str = field(default_factory=lambda: uuid.uuid4().hex[:8])
    day: Day | None = None

    async def whole(self) -> list[Compared]:
        """What was compared; empty unless it was asked for. Raises Refused where it can't begin."""
        await self._require_development()
        async with self._films() as (films, probed):
            self.visits = plan(films, self.wanted.viewers, self.wanted.rate, self.wanted.seconds, self.wanted.seed)
            checker = Checker(self.wire, [*films, *probed], self.stored)
            before = await checker.look() if self.wanted.check else Before()
            await self._pass(films, probed)
            checked = await checker.check(self.confirmed, before, PATIENCE) if self.wanted.check else []
            return [*checked, *([self.hostile] if self.wanted.hostile else [])]

    async def _require_development(self) -> None:
        if not (await self.wire.get("/v1/config"))["dev"]:
            told = "This gateway gives no development tokens, which viewers sign in with."
            raise Refused(403, "no-development", told, "Simulate against one with PLAYLOG_DEV, such as `make up`.")

    async def _pass(self, films: Sequence[Film], probed: Sequence[Film]) -> None:
        """The day, the probes and the attacks beside it."""
        day = self.day = Day(self.wire, Guests(self.wire, self.run), Pace(self.wanted.speed), self.confirmed)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(day.pass_by(self.visits, self.wanted.seconds))
                if self.wanted.hostile:
                    group.create_task(Hostile(self.wire, films[0], self.run, self.hostile).attack())
                if probed:
                    operator = await signed_in(self.wire, f"operator-{self.run}", "operator")
                    probes = Probes(self.wire, probed, operator, self.confirmed, self.run, self.measured)
                    pause = self.wanted.seconds / (4 * self.wanted.probes)
                    group.create_task(probes.go_on(self.wanted.probes, pause))
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None

    @asynccontextmanager
    async def _films(self) -> AsyncGenerator[tuple[list[Film], list[Film]]]:
        """What the viewers choose from, and what only the probes watch; what was invented is deleted at the end."""
        probed = unalike(2 * self.wanted.probes + 1, self.wanted.seed) if self.wanted.probes else []
        made = invented(self.wanted.publish, self.wanted.seed)
        operator = await signed_in(self.wire, f"operator-{self.run}", "operator") if made or probed else ""
        try:
            await publish(self.wire, operator, [*made, *probed])
            there = await known(self.wire, self.wanted.videos) if self.wanted.videos else []
            yield (made + there) or await found(self.wire), probed
        finally:
            await delete(self.wire, operator, [*made, *probed])


def write_truth(path: Path, confirmed: Confirmed) -> None:
    """All numbers as JSON: view, video and bucket joined by a slash; and how many sessions there were."""
    flat = {"/".join(key): number for key, number in sorted(numbers(confirmed).items())}
    whole = {"sessions": len(confirmed.sessions), **flat}
    path.write_bytes(msgspec.json.format(msgspec.json.encode(whole), indent=1))
