"""The measured worker: a tally with all that exactness needs, from an empty state to the end of the log.

`python -m tests.bench.engine_tally TASK`, with the platform's settings in the environment.
"""

from __future__ import annotations

import asyncio

from deploy.assembly import platform
from schemas.playback import PlaybackBeacon
from streams.platform import Platform
from streams.positions import ViewPositions
from streams.processor import Tally
from streams.settings import Settings
from streams.tables import Table
from streams.tally import col, count, tally
from streams.worker import run
from tests.bench.engine_forms import given, tell
from tests.bench.processor_time import Watch


def counts(name: str) -> Tally:
    """What every form of the bench does: exact to the log, whatever is killed."""
    return _by_video(name, [])


def counts_once(name: str) -> Tally:
    """And what clients sent twice is left out."""
    return _by_video(name, ["session_id", "sequence"])


def _by_video(name: str, once_by: list[str]) -> Tally:
    table = Table(
        name, key={"video_id": "text"}, rows={"partition": "int"},
        columns={"beacons": "bigint", "watched_ms": "bigint"},
    )  # fmt: skip
    return tally(
        name=name,
        reads=PlaybackBeacon,
        once_by=once_by or None,
        by=["video_id"],
        totals={"beacons": count(), "watched_ms": col("advanced_ms").sum()},
        into=table,
    )


async def measure(platform: Platform, processor: Tally, events: int) -> Watch:
    """Run until all is applied and shown; the time between the first position that is published and the last."""
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
    return watch


if __name__ == "__main__":
    task = given()
    made = (counts_once if task.name.startswith("counts_once") else counts)(task.name)
    tell(asyncio.run(measure(platform(Settings.from_environment()), made, task.events)), {})
