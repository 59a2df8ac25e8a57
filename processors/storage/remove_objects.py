"""Remove objects of a video from the store.

In:      storage-tasks    (RemovalRequested: all of them; DiscardRequested: those it names; ClearRequested: segments
                           up to an age; share group)
Out:     storage-actions  (ObjectsRemoved, by video)
Repeat:  safe: what is gone already is no error, and is not counted again
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from processors.storage.places import NotOfVideo, folders, is_text, of_video, segments
from schemas.storage_actions import ObjectsRemoved
from schemas.storage_tasks import ClearRequested, DiscardRequested, RemovalRequested
from streams.event import Event, minutes, natural_id
from streams.objects import Head, Objects
from streams.processor import work
from streams.store_errors import Missing

AT_ONCE = 1000  # objects a request: S3's DeleteObjects takes no more


Task = RemovalRequested | DiscardRequested | ClearRequested


@work(reads=[RemovalRequested, DiscardRequested, ClearRequested], emits=ObjectsRemoved, time_limit=minutes(9))
async def remove_objects(task: Task, objects: Objects) -> AsyncIterator[Event]:
    """A day's video has a hundred thousand; what one run leaves, the next finds. Nothing to tell of nothing."""
    heads = [head async for head in _found(task, objects)]
    for start in range(0, len(heads), AT_ONCE):
        await objects.delete_all([head.key for head in heads[start : start + AT_ONCE]])
    if heads:
        yield ObjectsRemoved(
            event_id=natural_id(task.task_id, "removed"),
            video_id=task.video_id,
            reason="deleted" if isinstance(task, RemovalRequested) else "discarded",
            objects=len(heads),
            bytes=sum(head.size for head in heads),
        )


def _found(task: Task, objects: Objects) -> AsyncIterator[Head]:
    match task:
        case RemovalRequested():
            return _all(task.video_id, objects)
        case DiscardRequested():
            return _named(task, objects)
        case ClearRequested():
            return _older(task, objects)


async def _all(video_id: str, objects: Objects) -> AsyncIterator[Head]:
    for folder in folders(video_id):
        async for head in objects.list(folder):
            yield head


async def _older(task: ClearRequested, objects: Objects) -> AsyncIterator[Head]:
    """Captions lie beside the segments, and are no encode's."""
    async for head in objects.list(segments(task.video_id, task.rendition)):
        if head.modified < task.before and not is_text(head.key):
            yield head


async def _named(task: DiscardRequested, objects: Objects) -> AsyncIterator[Head]:
    """Those that are there and not younger than the task's word on them; raises NotOfVideo for another video's."""
    if foreign := [key for key in task.keys if not of_video(key, task.video_id)]:
        raise NotOfVideo(f"{foreign[0]} is no object of video {task.video_id}: nothing is removed")
    for key in task.keys:
        try:
            head = await objects.head(key)
        except Missing:
            continue
        if head.modified < task.before:
            yield head
