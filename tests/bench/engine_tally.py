"""The measured worker: a tally with all that exactness needs, from an empty state to the end of the log."""

from __future__ import annotations

import asyncio
import json
import sys

from deploy.assembly import platform
from schemas.playback import PlaybackBeacon
from streams.platform import Platform
from streams.positions import ViewPositions
from streams.processor import Tally
from streams.settings import Settings
from streams.tables import Table
from streams.tally import col, count, tally
from streams.worker import run
from tests.bench.processor_time import Watch


def beacons_by_video(number: int) -> Tally:
    """The tally of the `number`th run: a group, a changelog and a table of its own."""
    table = Table(
        f"bench_{number}", key={"video_id": "text"}, rows={"partition": "int"},
        columns={"beacons": "bigint", "watched_ms": "bigint"},
    )  # fmt: skip
    return tally(
        name=table.name,
        reads=PlaybackBeacon,
        once_by=["session_id", "sequence"],
        by=["video_id"],
        totals={"beacons": count(), "watched_ms": col("advanced_ms").sum()},
        into=table,
    )


async def measure(platform: Platform, processor: Tally, events: int) -> dict[str, float]:
    """Run until all is applied; the time between the first position that is published and the last."""
    watch, stop = Watch(), asyncio.Event()
    async with ViewPositions(platform.settings) as positions:

        async def wait() -> None:
            while (done := sum(n + 1 for n in (await positions.applied(processor.name, "playback")).values())) < events:
                if done and not watch.running:
                    watch.start(done)
                await asyncio.sleep(0.1)
            watch.stop(done)
            stop.set()

        await asyncio.gather(run(platform, [processor], stop), wait())
    return watch.figures


if __name__ == "__main__":
    number, events = map(int, sys.argv[1:])
    print(json.dumps(asyncio.run(measure(platform(Settings.from_environment()), beacons_by_video(number), events))))
