"""Build the next version of what a processor shows from the log, beside the one that serves; then let it serve."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from streams.keyspace import migrate
from streams.operations import operations
from streams.platform import Platform
from streams.positions import VIEW_POSITIONS
from streams.processor import Fold, Processor
from streams.rebuild_claim import Claim, RebuildError, claimed
from streams.rebuild_compare import compare
from streams.rebuild_emitted import compare_emitted
from streams.rebuild_letters import settle
from streams.rebuild_run import Building, building
from streams.rebuild_states import taken_over
from streams.rebuild_unit import Unit, unit_of
from streams.rebuild_versions import drop, exchange, make
from streams.serving import versions_now
from streams.versions import VIEW_VERSIONS, Versions


@dataclass(frozen=True)
class Options:
    """`rows`: compare row by row. `only_equal`: end before the flip where anything differs.

    `grace`: seconds for which the former version stays, for who still reads it.
    """

    rows: bool = False
    only_equal: bool = False
    grace: float = 60.0


async def rebuild(platform: Platform, processor: Processor, options: Options, tell: Callable[[str], object]) -> None:
    """Make the next version of the processor and of all that shares a table with it, from the logs' beginnings.

    The former serves until the next one has caught up and is compared; then the next serves, from the position on
    that it has come to. Cut short at any point, the same call goes on where it was. Raises RebuildError where
    another is at it, or where the versions differ and must not; ProcessorError where there is nothing to rebuild.
    """
    unit = unit_of(platform.processors, processor)
    await migrate(platform.settings, [VIEW_VERSIONS, VIEW_POSITIONS])
    async with claimed(platform.settings, unit.members) as (claim, renewing):
        work = asyncio.create_task(_rebuild(platform, unit, claim, options, tell))
        try:
            await asyncio.wait({work, renewing}, return_when=asyncio.FIRST_COMPLETED)
            if renewing.done():
                renewing.result()
            await work
        finally:
            work.cancel()
            await asyncio.wait({work})


async def _rebuild(
    platform: Platform, unit: Unit, claim: Claim, options: Options, tell: Callable[[str], object]
) -> None:
    standing = await claim.standing()
    if all(one.former is None for one in standing.values()):
        number = max(one.building or 0 for one in standing.values()) or max(s.serving for s in standing.values()) + 1
        await claim.begin(number)
        await _noted(platform, unit, "rebuild", number)
        await _build(platform, unit, claim, number, options, tell)
    await _retire(platform, unit, claim, options.grace, tell)


async def _build(
    platform: Platform, unit: Unit, claim: Claim, number: int, options: Options, tell: Callable[[str], object]
) -> None:
    serving = await versions_now(platform.settings)
    next_ = Versions({**serving.serving, **dict.fromkeys(unit.members, number)}, building=True)
    await make(platform.settings, platform.catalogue, unit, next_)
    tell(f"version {number} of {', '.join(p.name for p in unit.processors)}: built beside what serves")
    async with building(platform, unit, next_) as at_work:
        await at_work.catch_up(tell)
        tell(at_work.done())
        await _compared(platform, at_work, serving, options, tell)
        await at_work.catch_up(tell)
        positions = await at_work.stop()
        await settle(platform, at_work, positions, tell)
        await _noted(platform, unit, "flip", number)
        await exchange(platform.settings, unit.indexes)
        await claim.flip(number)
    tell(f"version {number} serves")


async def _noted(platform: Platform, unit: Unit, action: str, number: int) -> None:
    async with operations(platform) as told:
        for one in unit.processors:
            await told.note(one.name, action, f"version {number}")


async def _compared(
    platform: Platform, at_work: Building, serving: Versions, options: Options, tell: Callable[[str], object]
) -> None:
    settings, unit, next_ = platform.settings, at_work.unit, at_work.versions
    found = [await compare(settings, target, serving, next_, options.rows) for target in (*unit.tables, *unit.indexes)]
    compacted = {topic.name for topic in platform.catalogue.topics.values() if topic.compact}
    for fold in [one for one in unit.processors if isinstance(one, Fold) and one.emits and options.rows]:
        reached = {place[2]: health.position for place, health in at_work.health.items() if place[0] == fold.name}
        found.append(await compare_emitted(settings, at_work.context.codec, fold, next_, reached, compacted))
    for one in found:
        for text in (str(one), *one.differences):
            tell(text)
    if options.only_equal and not all(one.equal for one in found):
        raise RebuildError(
            "the next version differs, so the former goes on to serve\n"
            "  mend:   where that is right, run it again without --only-equal: it goes on where it was"
        )


async def _retire(platform: Platform, unit: Unit, claim: Claim, grace: float, tell: Callable[[str], object]) -> None:
    """Remove the former version, `grace` seconds after the flip."""
    standing = await claim.standing()
    flipped = max(one.flipped_at for one in standing.values()) / 1000
    if (rest := flipped + grace - time.time()) > 0:
        tell(f"the former version is removed in {rest:.0f} s")
        await asyncio.sleep(rest)
    now = await versions_now(platform.settings)
    await taken_over(platform.settings, platform.catalogue, unit.states, now, tell)
    former = Versions({name: one.former for name, one in standing.items() if one.former is not None})
    await drop(platform.settings, unit, former, now)
    await claim.dropped()
    tell("the former version is removed")
