"""A published video is at the edge before its first viewer; an edge that is away keeps nobody waiting."""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
import pytest_asyncio

from gateway.media import segments
from gateway.media.links import STEP, Links
from processors.delivery import warm_edge as warming
from processors.delivery.edge import Edge
from processors.delivery.links import named
from processors.delivery.warm_edge import EdgeDown, warm_edge
from schemas.edge_actions import EdgeWarmed
from schemas.edge_tasks import WarmRequested
from schemas.videos import VideoDeleted, VideoDescribed
from streams.event import Event
from streams.tail import Tail
from tests.free_ports import free_port
from tests.integration.gateway.conftest import PATIENCE, Rig
from tests.integration.gateway.edge_rig import Front, fronting
from tests.integration.gateway.growing_video import Video
from tests.integration.gateway.platforms import taking_tasks

pytestmark = pytest.mark.asyncio(loop_scope="session")
VIEWERS = 80


@pytest_asyncio.fixture(loop_scope="session")
async def front(rig: Rig, tmp_path: Path) -> AsyncIterator[Front]:
    async with fronting(rig, tmp_path) as running:
        yield running


def edge_at(rig: Rig, address: str) -> Edge:
    return Edge(Links(rig.services.secrets.media, 3600, address).media)


def asked_to_warm(video: Video) -> WarmRequested:
    return WarmRequested(task_id=str(uuid.uuid4()), video_id=video.id)


async def told(task: WarmRequested, edge: Edge) -> list[Event]:
    return [event async for event in warm_edge.function(task, edge)]


async def published(rig: Rig) -> Video:
    video = Video(rig)
    await video.begun()
    await video.segment(0)
    await video.finished()
    return video


def worker(rig: Rig, edge: Edge) -> AbstractAsyncContextManager[None]:
    """`playlog worker --only warm_edge`, in this process."""
    return taking_tasks(rig.platform, [warm_edge], {Edge: edge})


async def warmed(rig: Rig, video: Video) -> EdgeWarmed:
    """What the log says of it, waited for."""
    tail = Tail(rig.platform.settings, await rig.platform.codec())
    async with asyncio.timeout(2 * PATIENCE), tail.follow(["edge-actions"], "start") as records:
        async for record in records:
            if record.key == video.id and isinstance(record.event, EdgeWarmed):
                return record.event
    raise AssertionError


async def watch(front: Front, video: Video, token: str) -> list[str]:
    """What a player asks for: both kinds of manifests, then everything that they name; the X-Cache of each."""
    waiting, seen = ["master.m3u8", "manifest.mpd"], dict[str, str]()
    while waiting:
        path = waiting.pop()
        answer = await front.get(f"/media/{token}/{video.id}/{path}")
        assert answer.status_code == 200, path
        seen[path] = answer.headers["X-Cache"]
        if path.endswith((".m3u8", ".mpd")):
            waiting += [name for name in named(answer.text) if name not in seen]
    return list(seen.values())


async def test_the_first_viewer_finds_all_of_a_published_video(rig: Rig, front: Front) -> None:
    video = await published(rig)
    async with worker(rig, edge_at(rig, front.address)):
        await rig.services.log.post(asked_to_warm(video))
        event = await warmed(rig, video)
    token, asked = rig.services.links.token(video.id, time.time() + STEP), await front.gateway_requests()
    first = await watch(front, video, token)
    assert set(first) == {"HIT"}
    assert await front.gateway_requests() == asked
    assert (event.requests, event.hits) == (len(first) + 1, 0)  # the poster, which this video has not, besides
    assert event.bytes > sum(map(len, [video.id] * 3))


async def test_warming_again_finds_what_is_there_and_tells_the_same_event(rig: Rig, front: Front) -> None:
    video = await published(rig)
    task, edge = asked_to_warm(video), edge_at(rig, front.address)
    [first], [second] = await told(task, edge), await told(task, edge)
    assert isinstance(first, EdgeWarmed)
    assert isinstance(second, EdgeWarmed)
    assert first.event_id == second.event_id
    assert first.hits == 0
    assert second.hits >= second.requests - 1  # that there is no poster is known for a second


async def test_a_manifest_that_still_grows_is_waited_for(rig: Rig, front: Front) -> None:
    video = Video(rig)
    await video.begun()
    await video.segment(0)
    await video.listed("360p.m3u8", "#EXTINF")
    running = asyncio.create_task(told(asked_to_warm(video), edge_at(rig, front.address)))
    segments = await video.finished()
    [event] = await running
    assert isinstance(event, EdgeWarmed)
    assert event.requests == len(["master", "mpd", "media", "iframes", "init", "poster", *segments])


async def test_a_video_that_is_not_there_in_time_is_let_go(
    rig: Rig, front: Front, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(warming, "PATIENCE", 0)
    assert await told(asked_to_warm(Video(rig)), edge_at(rig, front.address)) == []
    assert "which is not all there" in caplog.text


async def test_a_video_that_was_deleted_before_any_encode_is_let_go_at_once(
    rig: Rig, front: Front, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    video = Video(rig)
    await video.post(VideoDescribed(video_id=video.id, owner="somebody", title="Waves"))
    await video.post(VideoDeleted(video_id=video.id, owner="somebody"))
    await video.answers("master.m3u8", 410)
    assert await told(asked_to_warm(video), edge_at(rig, front.address)) == []
    assert "was deleted" in caplog.text


async def test_a_deleted_video_is_let_go(rig: Rig, front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "COMPLETE", 1)
    video = await published(rig)
    await video.post(VideoDeleted(video_id=video.id, owner="somebody"))
    await video.answers("master.m3u8", 410)
    assert await told(asked_to_warm(video), edge_at(rig, front.address)) == []


async def test_without_an_edge_there_is_nothing_to_do(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    assert await told(asked_to_warm(Video(rig)), Edge(None)) == []
    assert "PLAYLOG_EDGE is not set" in caplog.text


async def test_an_edge_that_is_away_is_waited_out(rig: Rig, tmp_path: Path) -> None:
    video, port = await published(rig), free_port()
    edge = edge_at(rig, f"http://127.0.0.1:{port}")
    with pytest.raises(EdgeDown):
        await told(asked_to_warm(video), edge)
    async with worker(rig, edge):
        await rig.services.log.post(asked_to_warm(video))
        await asyncio.sleep(2)
        async with fronting(rig, tmp_path, port):
            assert (await warmed(rig, video)).requests > 0


async def test_with_another_secret_the_edge_refuses_the_worker(rig: Rig, front: Front) -> None:
    edge = Edge(Links("another secret", 3600, front.address).media)
    with pytest.raises(RuntimeError, match="PLAYLOG_MEDIA_SECRET"):
        await told(asked_to_warm(await published(rig)), edge)


async def test_a_small_audience_is_served_by_the_edge(rig: Rig, front: Front) -> None:
    chance = random.Random(7)
    videos = [await published(rig) for _ in range(3)]
    asked = await front.gateway_requests()

    async def viewer() -> list[str]:
        video = chance.choices(videos, weights=[6, 3, 1])[0]
        token = rig.services.links.token(video.id, time.time() + chance.randrange(4) * STEP)
        await asyncio.sleep(chance.random())
        return await watch(front, video, token)

    seen = [status for statuses in await asyncio.gather(*(viewer() for _ in range(VIEWERS))) for status in statuses]
    counted = await front.counted(len(seen))
    print(f"\n  {VIEWERS} viewers of {len(videos)} videos: {counted}")
    assert counted.requests == len(seen)
    assert counted.ratio >= 0.95
    assert await front.gateway_requests() - asked == counted.requests - counted.hits
