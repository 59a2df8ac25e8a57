"""Have an archived source back, for an encode that waits for it.

In:      storage-tasks   (RestoreRequested; share group)
Out:     encode-reports  (SourceReturned, TaskFailed, by video)
Repeat:  safe: the store is asked for what it is not bringing back already; reports are named by task and attempt

The store takes minutes to two days. Nobody waits that long with a task in hand: `direct_encode` asks again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from processors.encoding.failures import task_failed
from schemas.encode_reports import SourceReturned, TaskFailed
from schemas.storage_tasks import RestoreRequested
from streams.archive import Archive
from streams.event import Event, minutes, natural_id
from streams.objects import Objects
from streams.processor import work
from streams.reshape import reshape
from streams.store_errors import Archived

DAYS = 7  # that the copy is kept: slow passes may wait for days until they run


@work(reads=RestoreRequested, emits=[SourceReturned, TaskFailed], failed=task_failed, time_limit=minutes(2))
async def restore_source(task: RestoreRequested, objects: Objects) -> AsyncIterator[Event]:
    """Whether the source is there by now; if not, the store is asked for it."""
    head = await objects.head(task.store_key)
    if not head.archived:
        yield reshape(task, SourceReturned, event_id=natural_id(task.task_id, "returned", task.attempt))
        return
    if not head.returning:
        await Archive(objects).restore(task.store_key, DAYS)
    yield task_failed(task, Archived(f"{task.store_key}: the store is bringing it back from its archive"))
