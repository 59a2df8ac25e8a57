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
    """A day's video has a hundred thousand; what one run leaves, the next finds. Nothing to tell of nothing.

    Each page goes as soon as it is listed: an object that is stored anew under its old name is seldom taken for it.
    """
    count = size = 0
    async for heads in _found(task, objects):
        if heads:
            await objects.delete_all([head.key for head in heads])
            count, size = count + len(heads), size + sum(head.size for head in heads)
    if count:
        yield ObjectsRemoved(
            event_id=natural_id(task.task_id, "removed"),
            video_id=task.video_id,
            reason="deleted" if isinstance(task, RemovalRequested) else "discarded",
            objects=count,
            bytes=size,
        )


def _found(task: Task, objects: Objects) -> AsyncIterator[list[Head]]:
    """What is to go, as much of it as one request takes."""
    match task:
        case RemovalRequested():
            return all_of(task.video_id, objects)
        case DiscardRequested():
            return _pages(_named(task, objects))
        case ClearRequested():
            return _older(task, objects)


async def all_of(video_id: str, objects: Objects) -> AsyncIterator[list[Head]]:
    """Everything of a video, in pages that one request removes."""
    for folder in folders(video_id):
        async for heads in _pages(objects.list(folder)):
            yield heads


async def _older(task: ClearRequested, objects: Objects) -> AsyncIterator[list[Head]]:
    """Captions lie beside the segments, and are no encode's."""
    async for heads in _pages(objects.list(segments(task.video_id, task.rendition))):
        yield [head for head in heads if head.modified < task.before and not is_text(head.key)]


async def _pages(found: AsyncIterator[Head]) -> AsyncIterator[list[Head]]:
    """Handed on before the store is asked for the next page, which is as long."""
    page: list[Head] = []
    async for head in found:
        page.append(head)
        if len(page) == AT_ONCE:
            yield page
            page = []
    yield page


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
