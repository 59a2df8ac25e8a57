"""Read your own writes: a query sent with `Playlog-After: <position>` waits until its views show that position."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from gateway.problems import FieldError, Problem, invalid
from gateway.reads import TOPICS_OF
from streams.positions import Position, ViewPositions, parse_positions

LONGEST_HEADER = 500
FIRST_PAUSE, LONGEST_PAUSE = 0.01, 0.2


async def wait_until_applied(positions: ViewPositions, views: Sequence[str], header: str | None, wait: float) -> None:
    """Return once each of `views` has applied the header's positions of its topic.

    Raises a 422 problem for a header that holds none, and a 503 problem after `wait` seconds: the views lag.
    """
    if header is None:
        return
    for position in _parsed(header):
        concerned = [view for view in views if position.topic in TOPICS_OF[view]]
        if not await reached(positions, concerned, position, wait):
            raise behind(position)


def behind(position: Position) -> Problem:
    return Problem(
        503, "behind", f"The views have not come to {position} yet.",
        "Send the request again after the time in Retry-After.", retry_after=2,
    )  # fmt: skip


async def reached(positions: ViewPositions, views: Sequence[str], position: Position, wait: float) -> bool:
    """Whether all `views` have applied `position` within `wait` seconds."""
    waiting = list(views)
    try:
        async with asyncio.timeout(wait):
            pause = FIRST_PAUSE
            while waiting := [view for view in waiting if not await _applied(positions, view, position)]:
                await asyncio.sleep(pause)
                pause = min(pause * 1.5, LONGEST_PAUSE)
    except TimeoutError:
        return False
    return True


async def _applied(positions: ViewPositions, view: str, position: Position) -> bool:
    applied = await positions.applied(view, position.topic)
    return applied.get(position.partition, -1) >= position.offset


def _parsed(header: str) -> list[Position]:
    try:
        if len(header) > LONGEST_HEADER:
            raise ValueError(f"longer than {LONGEST_HEADER} characters")
        return parse_positions(header)
    except ValueError as error:
        raise invalid([FieldError("Playlog-After", str(error).partition("\n")[0])]) from None
