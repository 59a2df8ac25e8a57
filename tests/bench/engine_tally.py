"""The measured worker: a tally with all that exactness needs, from an empty state to the end of the log.

`python -m tests.bench.engine_tally TASK`, with the platform's settings in the environment.
"""

from __future__ import annotations

import asyncio

from deploy.assembly import platform
from schemas.playback import PlaybackBeacon
from streams.processor import Tally
from streams.settings import Settings
from streams.tables import Table
from streams.tally import col, count, tally
from tests.bench.engine_forms import given, tell
from tests.bench.hosted import hosted_until_shown


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


if __name__ == "__main__":
    task = given()
    made = (counts_once if task.name.startswith("counts_once") else counts)(task.name)
    tell(asyncio.run(hosted_until_shown(platform(Settings.from_environment()), made, "playback", task.events)), {})
