"""Live events: everything once, from the beginning or from where a reader was."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import msgspec
import pytest

from schemas.uploads import PartStored
from tests.integration.gateway.conftest import MIB, PATIENCE, Rig, serving
from tests.integration.gateway.test_videos import shown

Frames = AsyncIterator[tuple[str, Any]]  # the id and the data of each
pytestmark = pytest.mark.asyncio(loop_scope="session")


@asynccontextmanager
async def listening(client: httpx.AsyncClient, video: str, last: str = "", after: str = "") -> AsyncIterator[Frames]:
    """`after`: a position that the timeline has come to when the stream begins."""
    headers = {"Last-Event-ID": last} if last else {}
    if after:
        headers["Playlog-After"] = after
    async with client.stream("GET", f"/v1/videos/{video}/events", headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "text/event-stream"
        yield frames(answer)


async def frames(answer: httpx.Response) -> Frames:
    place = ""
    async for line in answer.aiter_lines():
        if line.startswith("id: "):
            place = line[4:]
        elif line.startswith("data: "):
            yield place, msgspec.json.decode(line[6:])


async def take(events: Frames, count: int) -> list[tuple[str, Any]]:
    async with asyncio.timeout(PATIENCE):
        return [await anext(events) for _ in range(count)]


async def report(rig: Rig, video: str, number: int) -> str:
    return str(await rig.services.log.post(PartStored(video_id=video, number=number, etag=f"e{number}", size=1)))


async def test_a_reader_gets_what_was_and_what_comes_each_once(rig: Rig, ann: httpx.AsyncClient) -> None:
    video = (await rig.started(ann, size=9 * MIB))["video_id"]
    async with listening(ann, video) as events:
        known = await take(events, 2)
        assert {event["type"] for _, event in known} == {"UploadStarted", "VideoDescribed"}
        for number in range(1, 6):
            await report(rig, video, number)
        live = await take(events, 5)
    assert [event["event"]["number"] for _, event in live] == [1, 2, 3, 4, 5]
    positions = [event["position"] for _, event in (*known, *live)]
    assert len(set(positions)) == 7


async def test_a_reader_that_comes_back_goes_on_where_it_was(rig: Rig, ann: httpx.AsyncClient) -> None:
    video = (await rig.started(ann, size=9 * MIB))["video_id"]
    async with listening(ann, video) as events:
        await take(events, 2)
        await report(rig, video, 1)
        ((last, _),) = await take(events, 1)
    second = await report(rig, video, 2)
    async with (
        serving(rig.platform) as other,
        httpx.AsyncClient(base_url=other.address, headers=ann.headers, timeout=60) as client,
    ):
        await shown(client, video, second)  # the other gateway knows of the upload by the views alone
        async with listening(client, video, last, second) as events:
            await report(rig, video, 3)
            assert [event["event"]["number"] for _, event in await take(events, 2)] == [2, 3]


async def test_events_name_their_cause(rig: Rig, ann: httpx.AsyncClient) -> None:
    started = await rig.started(ann)
    async with listening(ann, started["video_id"], after=started["position"]) as events:
        told = {event["type"]: event for _, event in await take(events, 2)}
    assert told["UploadStarted"]["cause"] is None
    assert told["VideoDescribed"]["cause"] == started["position"]


async def test_many_readers_share_one_reading_of_the_log(rig: Rig, ann: httpx.AsyncClient) -> None:
    video = (await rig.started(ann, size=9 * MIB))["video_id"]

    async def read() -> int:
        async with listening(ann, video) as events:
            ready.release()
            return len({event["position"] for _, event in await take(events, 4)})

    ready = asyncio.Semaphore(0)
    readers = [asyncio.create_task(read()) for _ in range(30)]
    for _ in readers:
        await ready.acquire()
    await report(rig, video, 1)
    await report(rig, video, 2)
    assert await asyncio.gather(*readers) == [4] * 30


@pytest.mark.parametrize("last", ["x", "uploads/1/2;", "uploads/0"])
async def test_a_bent_event_id_is_refused(rig: Rig, ann: httpx.AsyncClient, last: str) -> None:
    video = (await rig.started(ann))["video_id"]
    answer = await ann.get(f"/v1/videos/{video}/events", headers={"Last-Event-ID": last})
    assert answer.status_code == 422
