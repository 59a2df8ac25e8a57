"""Measure on samples what each rung of the slower passes brings, so that those that bring nothing are left out.

In:      encode-tasks-later  (LadderRequested; share group)
Out:     encode-reports      (LadderMeasured, TaskFailed)
Repeat:  safe: the fold takes the first report
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing

from processors.encoding.failures import task_failed
from processors.encoding.still_wanted import still_wanted, while_wanted
from processors.encoding.time_limits import LATER
from processors.media import made
from processors.media.confined import confined
from processors.media.jobs import LadderJob
from schemas.encode_reports import LadderMeasured, TaskFailed
from schemas.encode_tasks_later import LadderRequested
from streams.event import Event, natural_id
from streams.objects import Objects
from streams.processor import work
from streams.reshape import reshape
from streams.rows import Rows


@work(reads=LadderRequested, emits=[LadderMeasured, TaskFailed], failed=task_failed, time_limit=LATER)
async def measure_ladder(task: LadderRequested, objects: Objects, rows: Rows) -> AsyncIterator[Event]:
    """A few seconds of every rung, encoded and compared in a confined process."""
    if not await still_wanted(rows, task):
        return
    job, source = reshape(task, LadderJob), await objects.source(task.store_key, task.etag)
    async with aclosing(while_wanted(rows, task, confined(job, source))) as messages:
        async for message in messages:
            if isinstance(message, made.LadderMeasured):
                yield reshape(
                    task,
                    LadderMeasured,
                    event_id=natural_id(task.task_id, "measured"),
                    measured=message.measured,
                )
