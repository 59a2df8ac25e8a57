"""The work that removes objects: those it is asked for, and nobody else's."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from processors.storage.places import NotOfVideo, folders
from processors.storage.remove_objects import remove_objects
from schemas.storage_actions import ObjectsRemoved
from schemas.storage_tasks import ClearRequested, DiscardRequested, RemovalRequested
from streams.event import natural_id
from streams.objects import Blob, Objects
from streams.settings import Settings

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def objects(settings: Settings) -> AsyncIterator[Objects]:
    async with Objects(replace(settings, namespace=f"{settings.namespace}r")) as objects:
        await objects.ensure_bucket()
        yield objects
        await objects.delete_all([head.key async for head in objects.list()])
        await objects.call("delete_bucket", objects.bucket)


def named(video: str) -> list[str]:
    return [f"sources/{video}", f"segments/{video}/360p/{'a' * 32}.m4s", f"pictures/{video}/{'b' * 32}.jpg"]


async def filled(objects: Objects) -> str:
    """A video with a source, a segment and a picture in the store."""
    video = str(uuid.uuid4())
    await objects.put_all(Blob(key, b"1234") for key in named(video))
    return video


async def held(objects: Objects, video: str) -> list[str]:
    return [head.key for folder in folders(video) async for head in objects.list(folder)]


async def test_all_of_a_deleted_video_goes_parts_of_its_source_too(objects: Objects) -> None:
    video, other = await filled(objects), await filled(objects)
    await objects.put(Blob(f"sources/{video}.parts/00001", b"1234"))
    task = RemovalRequested(task_id=natural_id(video), video_id=video)
    [told] = [event async for event in remove_objects.function(task, objects)]
    assert isinstance(told, ObjectsRemoved)
    assert (told.reason, told.objects, told.bytes) == ("deleted", 4, 16)
    assert (await held(objects, video), await held(objects, other)) == ([], named(other))
    assert [event async for event in remove_objects.function(task, objects)] == []


async def test_discarded_objects_go_but_for_what_was_stored_since(objects: Objects) -> None:
    video = await filled(objects)
    _, segment, picture = named(video)
    since = (await objects.head(segment)).modified

    def asked(*keys: str, before: int = 1 << 60) -> DiscardRequested:
        return DiscardRequested(task_id=natural_id(video), video_id=video, keys=keys, before=before)

    assert [event async for event in remove_objects.function(asked(segment, before=since), objects)] == []
    [told] = [event async for event in remove_objects.function(asked(segment, picture, picture[:-1]), objects)]
    assert isinstance(told, ObjectsRemoved)
    assert (told.reason, told.objects, told.bytes) == ("discarded", 2, 8)
    assert await held(objects, video) == [f"sources/{video}"]


async def test_segments_that_nobody_plays_go_up_to_their_age_and_captions_stay(objects: Objects) -> None:
    video = await filled(objects)
    source, segment, picture = named(video)
    other, text = segment.replace("360p", "720p"), segment.replace("360p", "text-de").replace(".m4s", ".vtt")
    await objects.put_all(Blob(key, b"1234") for key in (other, text))
    since = (await objects.head(segment)).modified

    async def left(rendition: str, before: int) -> set[str]:
        task = ClearRequested(task_id=natural_id(video), video_id=video, rendition=rendition, before=before)
        _ = [event async for event in remove_objects.function(task, objects)]
        return {*await held(objects, video)}

    assert await left("360p", since) == {source, segment, other, text, picture}
    assert await left("360p", 1 << 60) == {source, other, text, picture}
    assert await left("", 1 << 60) == {source, text, picture}


async def test_a_task_that_names_another_videos_object_removes_nothing(objects: Objects) -> None:
    video, other = await filled(objects), await filled(objects)
    stolen = DiscardRequested(
        task_id=natural_id(video), video_id=video, keys=(named(video)[1], named(other)[1]), before=1 << 60
    )
    with pytest.raises(NotOfVideo, match=named(other)[1]):
        _ = [event async for event in remove_objects.function(stolen, objects)]
    assert await held(objects, video) == named(video)
