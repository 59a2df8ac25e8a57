"""The measured worker with a fold: an event after the other, a state a session, and one event emitted for each.

`python -m tests.bench.engine_fold TASK`, with the platform's settings in the environment.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

from deploy.assembly import platform
from processors.playback.count_views import count_views
from streams.metrics import reports
from streams.platform import Platform
from streams.processor import Fold
from streams.settings import Settings
from tests.bench.engine_forms import given, tell
from tests.bench.hosted import hosted
from tests.bench.processor_time import Watch


def views(name: str) -> Fold:
    """The platform's own fold, as a processor of this name."""
    return replace(count_views, name=name)


async def measure(platform: Platform, fold: Fold, events: int) -> Watch:
    """Run until the worker's report says that all is applied."""

    async def done() -> int:
        return sum(partition.events for report in reports(platform.settings) for partition in report.partitions)

    return await hosted(platform, fold, events, done)


if __name__ == "__main__":
    task = given()
    tell(asyncio.run(measure(platform(Settings.from_environment()), views(task.name), task.events)), {})
