"""A worker that is measured from the first events that it has done to the last."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from streams.platform import Platform
from streams.positions import ViewPositions
from streams.processor import Fold, Tally, View
from streams.worker import run
from tests.bench.processor_time import Watch

LOOK, AT_THE_END = 0.1, 0.01  # seconds between two looks, which cost the worker


async def hosted(
    platform: Platform, processor: Fold | Tally | View, events: int, done: Callable[[], Awaitable[int]]
) -> Watch:
    """Host the processor until so many events are `done`; the watch ran from the first look that found some."""
    watch, stop = Watch(), asyncio.Event()

    async def wait() -> None:
        while (count := await done()) < events:
            if count and not watch.running:
                watch.start(count)
            await asyncio.sleep(LOOK if count < 0.9 * events else AT_THE_END)
        watch.stop(count)
        stop.set()

    await asyncio.gather(run(platform, [processor], stop), wait())
    return watch


async def hosted_until_shown(platform: Platform, processor: Tally | View, topic: str, events: int) -> Watch:
    """The same; done is what the processor's published positions say of the topic."""
    async with ViewPositions(platform.settings) as positions:

        async def done() -> int:
            return sum(offset + 1 for offset in (await positions.applied(processor.name, topic)).values())

        return await hosted(platform, processor, events, done)
