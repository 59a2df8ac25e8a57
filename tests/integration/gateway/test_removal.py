"""What becomes of a video's objects: they go with the video, and nobody else's do."""

from __future__ import annotations

import httpx
import pytest

from processors.storage.places import NotOfVideo, folders
from processors.storage.remove_objects import remove_objects
from schemas.storage_actions import ObjectsRemoved
from schemas.storage_tasks import DiscardRequested
from streams.event import natural_id
from streams.objects import Blob, Objects
from tests.integration.gateway.conftest import Rig, eventually
from tests.integration.gateway.test_videos import described

pytestmark = pytest.mark.asyncio(loop_scope="session")


def named(video: str) -> list[str]:
    return [f"sources/{video}", f"segments/{video}/360p/{'a' * 32}.m4s", f"pictures/{video}/{'b' * 32}.jpg"]


async def filled(rig: Rig, client: httpx.AsyncClient) -> str:
    """A video with a source, a segment and a picture in the store."""
    video, _ = await described(rig, client, visibility="public")
    await rig.services.objects.put_all(Blob(key, b"1234") for key in named(video))
    return video


async def held(objects: Objects, video: str) -> list[str]:
    return [head.key for folder in folders(video) async for head in objects.list(folder)]


async def test_the_objects_of_a_deleted_video_go_and_the_timeline_tells(rig: Rig, ann: httpx.AsyncClient) -> None:
    objects, video, other = rig.services.objects, await filled(rig, ann), await filled(rig, ann)
    assert (await ann.delete(f"/v1/videos/{video}")).status_code == 202

    async def gone() -> bool:
        return not await held(objects, video)

    async def told() -> bool:
        events = (await ann.get(f"/v1/videos/{video}/timeline")).json()["events"]
        return [one["event"]["reason"] for one in events if one["type"] == "ObjectsRemoved"] == ["deleted"]

    await eventually(gone)
    await eventually(told)
    assert await held(objects, other) == named(other)


async def test_discarded_objects_go_but_for_what_was_stored_since(rig: Rig, ann: httpx.AsyncClient) -> None:
    objects, video = rig.services.objects, await filled(rig, ann)
    _, segment, picture = named(video)
    since = (await objects.head(segment)).modified

    def asked(*keys: str, before: int = 1 << 60) -> DiscardRequested:
        return DiscardRequested(task_id=natural_id(video), video_id=video, keys=keys, before=before)

    assert [event async for event in remove_objects.function(asked(segment, before=since), objects)] == []
    [told] = [event async for event in remove_objects.function(asked(segment, picture, picture[:-1]), objects)]
    assert isinstance(told, ObjectsRemoved)
    assert (told.reason, told.objects, told.bytes) == ("discarded", 2, 8)
    assert await held(objects, video) == [f"sources/{video}"]


async def test_a_task_that_names_another_videos_object_removes_nothing(rig: Rig, ann: httpx.AsyncClient) -> None:
    objects, video, other = rig.services.objects, await filled(rig, ann), await filled(rig, ann)
    stolen = DiscardRequested(
        task_id=natural_id(video), video_id=video, keys=(named(video)[1], named(other)[1]), before=1 << 60
    )
    with pytest.raises(NotOfVideo, match=named(other)[1]):
        _ = [event async for event in remove_objects.function(stolen, objects)]
    assert await held(objects, video) == named(video)
