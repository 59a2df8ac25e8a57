"""Free what an upload has left in the store: its parts, and all of it where it was aborted or has expired.

In:      upload-tasks  (ReleaseRequested; share group)
Out:     nothing
Repeat:  safe: what is gone already is no error
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress

from schemas.upload_tasks import ReleaseRequested
from streams.arriving import remove_parts
from streams.event import Event, minutes
from streams.multipart import Multipart
from streams.objects import Objects
from streams.processor import work
from streams.store_errors import Missing


@work(reads=ReleaseRequested, emits=(), time_limit=minutes(2))
async def release_upload(task: ReleaseRequested, objects: Objects) -> AsyncIterator[Event]:
    """Parts first, then an object that a late PUT or completion may have left."""
    await remove_parts(objects, task.store_key)
    if task.source_stays:
        return
    if task.store_upload_id:
        with suppress(Missing):
            await Multipart(objects).abort(task.store_key, task.store_upload_id)
    await objects.delete(task.store_key)
    return
    yield  # an async generator that has nothing to say
