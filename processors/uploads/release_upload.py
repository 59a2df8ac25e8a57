"""Free what an upload has left in the store: its parts, and where it was given up all that was made of it early, too.

In:      upload-tasks  (ReleaseRequested; share group)
Out:     nothing
Repeat:  safe: what is gone already is no error
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress

from processors.storage.remove_objects import all_of
from schemas.upload_tasks import ReleaseRequested
from streams.arriving import remove_parts
from streams.event import Event, minutes
from streams.multipart import Multipart
from streams.objects import Objects
from streams.processor import work
from streams.store_errors import Missing


@work(reads=ReleaseRequested, emits=(), time_limit=minutes(9))
async def release_upload(task: ReleaseRequested, objects: Objects) -> AsyncIterator[Event]:
    """Parts first, then what a late PUT, completion or encode may have left: a given-up upload is never completed."""
    await remove_parts(objects, task.store_key)
    if task.source_stays:
        return
    if task.store_upload_id:
        with suppress(Missing):
            await Multipart(objects).abort(task.store_key, task.store_upload_id)
    async for heads in all_of(task.video_id, objects):
        if heads:
            await objects.delete_all([head.key for head in heads])
    return
    yield  # an async generator that has nothing to say
