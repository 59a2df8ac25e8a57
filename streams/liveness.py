"""A partition that does not come on ends its worker in the end; whoever supervises workers starts another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from streams.health import Health

AT_MOST = 600.0  # seconds; an outage is waited out for that long, and then by the next worker
EVERY = 1.0  # seconds between two looks


class Stuck(RuntimeError):
    """A partition has something to apply and has applied nothing for too long."""


def stuck(health: Iterable[Health]) -> list[str]:
    """What to say of the partitions that have not come on for too long."""
    return [
        f"{h.processor} {h.topic}/{h.partition} has not come on from {h.position} for {h.age:.0f} s: "
        f"{h.reason or h.phase}"
        for h in health
        if h.age > AT_MOST
    ]


async def watch(health: Callable[[], Iterable[Health]], fail: Callable[[BaseException], None]) -> None:
    """Tell `fail` of the first partitions that are stuck. Nothing of theirs is skipped: it is not committed."""
    while True:
        if said := stuck(health()):
            fail(Stuck("\n".join(said)))
            return
        await asyncio.sleep(EVERY)
