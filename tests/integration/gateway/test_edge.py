"""The edge keeps media for everybody: once asked for, never asked of the gateway again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio

from gateway.media.links import STEP, Links
from schemas.videos import VideoDeleted
from tests.integration.gateway.conftest import PATIENCE, Rig, serving
from tests.integration.gateway.edge_rig import Front, fronting
from tests.integration.gateway.growing_video import Video, name

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def front(rig: Rig, tmp_path: Path) -> AsyncIterator[Front]:
    async with fronting(rig, tmp_path) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def video(rig: Rig) -> Video:
    """One that grows, with one segment so far."""
    video = Video(rig)
    await video.begun()
    await video.segment(0)
    await video.listed("360p.m3u8", "#EXTINF")
    return video


def links(rig: Rig) -> Links:
    return rig.services.links


async def test_the_second_request_does_not_reach_the_gateway(front: Front, video: Video) -> None:
    path = f"{video.media}/{await video.segment(1)}"
    first = await front.get(path)
    asked = await front.gateway_requests()
    second = await front.get(path)
    assert (first.headers["X-Cache"], second.headers["X-Cache"]) == ("MISS", "HIT")
    assert second.content == first.content == (await video.get(path.removeprefix(video.media + "/"))).content
    assert second.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert second.headers["Access-Control-Allow-Origin"] == "*"
    assert second.headers["Content-Type"] == "video/iso.segment"
    assert await front.gateway_requests() == asked + 1  # ours, which went past the edge


async def test_viewers_with_tokens_and_reports_of_their_own_share_one_object(front: Front, video: Video) -> None:
    segment, asked = await video.segment(1), await front.gateway_requests()
    tokens = {links(video.rig).token(video.id, time.time() + hour * STEP) for hour in range(3)}
    answers = [
        await front.get(f"/media/{token}/{video.id}/{segment}?CMCD=bl%3D{n}", **{"CMCD-Session": f'sid="{n}"'})
        for n, token in enumerate(tokens)
    ]
    assert [answer.headers["X-Cache"] for answer in answers] == ["MISS", "HIT", "HIT"]
    assert await front.gateway_requests() == asked + 1


async def test_a_crowd_is_one_request(front: Front, video: Video) -> None:
    path, asked = f"{video.media}/{await video.segment(1, bytes(300_000))}", await front.gateway_requests()
    answers = await asyncio.gather(*(front.get(path) for _ in range(40)))
    assert {answer.status_code for answer in answers} == {200}
    assert {len(answer.content) for answer in answers} == {300_000}
    assert await front.gateway_requests() == asked + 1


async def test_a_crowd_that_asks_for_what_is_not_there_is_one_request_a_second(front: Front, video: Video) -> None:
    path, asked = f"{video.media}/360p/{'0' * 32}.m4s", await front.gateway_requests()
    begun = time.monotonic()
    answers = await asyncio.gather(*(front.get(path) for _ in range(40)))
    assert {answer.status_code for answer in answers} == {404}
    assert await front.gateway_requests() - asked <= 1 + (time.monotonic() - begun)


async def test_a_crowd_at_a_growing_manifest_is_few_requests(front: Front, video: Video) -> None:
    path, asked, begun = f"{video.media}/360p.m3u8", await front.gateway_requests(), time.monotonic()
    for _ in range(30):
        answers = await asyncio.gather(*(front.get(path) for _ in range(10)))
        assert {answer.status_code for answer in answers} == {200}
        await asyncio.sleep(0.1)
    seconds = time.monotonic() - begun
    requests = await front.gateway_requests() - asked
    assert requests <= 2 + seconds, f"of 300 requests in {seconds:.1f} s, {requests:.0f} reached the gateway"


async def test_ranges_are_cut_from_the_whole(front: Front, video: Video) -> None:
    body = bytes(range(256)) * 40
    path = f"{video.media}/{await video.segment(1, body)}"
    asked = await front.gateway_requests()
    seek = await front.get(path, Range="bytes=100-199")
    tail = await front.get(path, Range="bytes=-5")
    tag = tail.headers["ETag"]
    assert (seek.status_code, seek.content) == (206, body[100:200])
    assert seek.headers["Content-Range"] == f"bytes 100-199/{len(body)}"
    assert (tail.status_code, tail.content, tail.headers["X-Cache"]) == (206, body[-5:], "HIT")
    assert (await front.get(path, Range="bytes=0-1", **{"If-Range": tag})).status_code == 206
    assert (await front.get(path, Range="bytes=0-1", **{"If-Range": '"other"'})).status_code == 200
    assert (await front.get(path, Range=f"bytes={len(body)}-")).status_code == 416
    assert (await front.get(path, **{"If-None-Match": tag})).status_code == 304
    assert await front.gateway_requests() == asked + 1


async def test_a_head_fills_the_cache_and_is_answered_from_it(front: Front, video: Video) -> None:
    path = f"{video.media}/{await video.segment(1)}"
    head = await front.viewer.head(path)
    body = await front.get(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(len(body.content))
    assert (body.headers["X-Cache"], (await front.viewer.head(path)).headers["X-Cache"]) == ("HIT", "HIT")


async def test_a_viewer_who_seeks_away_leaves_the_object_behind(front: Front, video: Video) -> None:
    path, asked = f"{video.media}/{await video.segment(1, bytes(4_000_000))}", await front.gateway_requests()
    async with front.viewer.stream("GET", path) as answer:
        await anext(answer.aiter_raw(1000))
    whole = await front.get(path)
    assert (whole.headers["X-Cache"], len(whole.content)) == ("HIT", 4_000_000)
    assert await front.gateway_requests() == asked + 1


async def test_two_copies_of_a_manifest_serve_clients_with_and_without_gzip(front: Front, video: Video) -> None:
    await video.finished()
    path = f"{video.media}/360p.m3u8"
    asked = await front.gateway_requests()
    spellings = ["gzip", "gzip, deflate, br, zstd", "identity", "", "gzip;q=0"]
    answers = [await front.get(path, **{"Accept-Encoding": spelling}) for spelling in spellings]
    assert len({answer.text for answer in answers}) == 1
    assert [answer.headers.get("Content-Encoding") for answer in answers] == ["gzip", "gzip", None, None, None]
    assert all(answer.headers["Vary"] == "Accept-Encoding" for answer in answers)
    assert all("Content-Length" in answer.headers for answer in answers)  # players of one connection stop by it
    assert await front.gateway_requests() == asked + 2


async def test_a_growing_manifest_is_followed_and_a_whole_one_is_kept(front: Front, video: Video) -> None:
    path = f"{video.media}/360p.m3u8"
    growing = await front.get(path)
    assert growing.headers["Cache-Control"] == "public, max-age=1, stale-while-revalidate=2, stale-if-error=60"
    second = await video.segment(1)
    await video.listed("360p.m3u8", second)
    limit = time.monotonic() + PATIENCE
    while second not in (await front.get(path)).text:
        assert time.monotonic() < limit
        await asyncio.sleep(0.2)
    await video.finished()
    while "ENDLIST" not in (whole := await front.get(path)).text:
        assert time.monotonic() < limit
        await asyncio.sleep(0.2)
    assert whole.headers["Cache-Control"].startswith("public, max-age=300")
    asked = await front.gateway_requests()
    await asyncio.sleep(1.5)
    assert (await front.get(path)).headers["X-Cache"] == "HIT"
    assert await front.gateway_requests() == asked


async def test_what_is_not_there_is_asked_for_again_a_second_later(front: Front, video: Video) -> None:
    body = b"late " * 100
    path = f"{video.media}/360p/{name(body)}.m4s"
    missing = await front.get(path)
    assert (missing.status_code, missing.json()["code"]) == (404, "not-found")
    await video.segment(1, body)
    limit = time.monotonic() + PATIENCE
    while (found := await front.get(path)).status_code == 404:
        assert time.monotonic() < limit
        await asyncio.sleep(0.2)
    assert found.content == body


async def test_a_deleted_videos_manifests_end_and_its_segments_end_with_their_links(front: Front, video: Video) -> None:
    paths = [f"{video.media}/{path}" for path in ("360p.m3u8", await video.segment(1))]
    assert [(await front.get(path)).status_code for path in paths] == [200, 200]
    await video.post(VideoDeleted(video_id=video.id, owner="somebody"))
    limit = time.monotonic() + PATIENCE
    while (manifest := await front.get(paths[0])).status_code == 200:
        assert time.monotonic() < limit
        await asyncio.sleep(0.2)
    assert (manifest.status_code, manifest.json()["code"]) == (410, "deleted")
    assert (await front.get(paths[1])).headers["X-Cache"] == "HIT"


async def test_while_the_gateway_is_away_what_is_kept_is_served(rig: Rig, video: Video, tmp_path: Path) -> None:
    paths = [f"{video.media}/{path}" for path in ("master.m3u8", "360p.m3u8", *await video.finished())]
    async with AsyncExitStack() as gateway:
        behind = await gateway.enter_async_context(serving(rig.platform))
        async with fronting(behind, tmp_path) as front:
            before = [(await front.get(path)).content for path in paths]
            await gateway.aclose()
            answers = [await front.get(path) for path in paths]
            unknown = await front.get(f"{video.media}/manifest.mpd")
    assert [answer.content for answer in answers] == before
    assert (unknown.status_code, unknown.headers["Content-Type"]) == (503, "application/problem+json")
    assert (unknown.headers["Retry-After"], unknown.headers["Cache-Control"]) == ("2", "no-store")


async def test_while_the_gateway_is_away_a_manifest_that_has_run_out_is_served_too(
    rig: Rig, video: Video, tmp_path: Path
) -> None:
    path = f"{video.media}/360p.m3u8"
    async with AsyncExitStack() as gateway:
        behind = await gateway.enter_async_context(serving(rig.platform))
        async with fronting(behind, tmp_path) as front:
            before = await front.get(path)
            await gateway.aclose()
            await asyncio.sleep(4)  # a second that it is fresh, two that it may be stale by its own word
            after = await front.get(path)
    assert (after.text, after.headers["X-Cache"]) == (before.text, "STALE")
