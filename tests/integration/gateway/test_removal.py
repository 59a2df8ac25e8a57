"""What becomes of a video's objects: they go with the video, and nobody else's do."""

from __future__ import annotations

import httpx
import pytest

from processors.storage.places import folders
from streams.objects import Blob, Objects
from tests.integration.gateway.conftest import Rig, eventually
from tests.integration.gateway.test_videos import described

pytestmark = pytest.mark.asyncio(loop_scope="session")


def named(video: str) -> list[str]:
    return [f"sources/{video}", f"segments/{video}/360p/{'a' * 32}.m4s", f"pictures/{video}/{'b' * 32}.jpg"]


async def filled(rig: Rig, client: httpx.AsyncClient) -> str:
    """A video that was uploaded, with a source, a segment and a picture in the store."""
    video, _ = await described(rig, client, visibility="public")
    await rig.services.objects.put_all(Blob(key, b"x" * 1000) for key in named(video))
    assert (await client.post(f"/v1/uploads/{video}/complete", json={})).status_code == 200
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
