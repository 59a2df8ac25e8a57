"""Manifests of a video that grows, from the rows of its segments."""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import Any

import aiohttp
import httpx
import pytest

from gateway.measures import RENDERED
from schemas.encodes import EncodeCompleted, Keyframe, SegmentStored
from schemas.videos import VideoDeleted, VideoPlayable
from tests.integration.gateway.conftest import Rig
from tests.integration.gateway.growing_video import NAMES, Video

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_video_grows_before_its_players_eyes(rig: Rig, nobody: httpx.AsyncClient) -> None:
    video = Video(rig)
    await video.begun()
    await video.segment(0)
    await video.post(VideoPlayable(video_id=video.id, encode_id=video.encode))
    shown = (await nobody.get(f"/v1/videos/{video.id}", headers=video.after)).json()
    assert shown["hls"].endswith(f"/{video.id}/master.m3u8")
    assert shown["progress"]["segments_total"] == 3
    master = await video.get("master.m3u8")
    assert master.headers["Cache-Control"].startswith("public, max-age=1, stale-while-revalidate=2")
    assert master.headers["Content-Type"] == "application/vnd.apple.mpegurl"
    assert "360p.m3u8" in master.text
    second = await video.segment(1)
    assert "ENDLIST" not in await video.listed("360p.m3u8", second)
    await video.segment(2)
    await video.post(EncodeCompleted(video_id=video.id, encode_id=video.encode, duration_ms=6000, renditions=NAMES))
    whole = await video.listed("360p.m3u8", "ENDLIST")
    assert whole.count("#EXTINF") == 3
    assert 'type="static"' in await video.listed("manifest.mpd", "static")


async def test_nothing_is_listed_before_it_is_stored(rig: Rig) -> None:
    video = Video(rig)
    await video.begun()
    await video.segment(1)
    await asyncio.sleep(1.5)
    answer = await video.get("master.m3u8")
    assert (answer.status_code, answer.headers["Retry-After"]) == (404, "1")
    await video.segment(0)
    await video.listed("360p.m3u8", "#EXTINF")


async def test_segments_that_come_out_of_order_are_listed_when_the_gap_is_filled(rig: Rig) -> None:
    video = Video(rig)
    await video.begun()
    first = await video.segment(0)
    third = await video.segment(2)
    assert third not in await video.listed("360p.m3u8", first)
    second = await video.segment(1)
    listed = await video.listed("360p.m3u8", third)
    assert listed.index(first) < listed.index(second) < listed.index(third)


async def test_a_second_encode_leaves_nothing_of_the_first_in_the_manifests(rig: Rig) -> None:
    video = Video(rig)
    await video.begun()
    old = [await video.segment(0), await video.segment(1)]
    await video.listed("360p.m3u8", old[1])
    video.encode = str(uuid.uuid4())
    await video.begun()
    body = b"another " * 100
    new = await video.segment(0, body)
    assert old[1] not in await video.listed("360p.m3u8", new)


async def test_manifests_are_compressed_and_not_sent_twice(rig: Rig) -> None:
    video = Video(rig)
    await video.begun()
    await video.segment(0)
    await video.listed("360p.m3u8", "#EXTINF")
    zipped = await video.get("360p.m3u8")
    assert zipped.headers["Content-Encoding"] == "gzip"
    plain = await video.get("360p.m3u8", **{"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert plain.text == zipped.text
    assert (await video.get("360p.m3u8", **{"If-None-Match": plain.headers["ETag"]})).status_code == 304


async def test_a_deleted_video_plays_no_more(rig: Rig) -> None:
    video = Video(rig)
    await video.begun()
    await video.segment(0)
    await video.listed("360p.m3u8", "#EXTINF")
    await video.post(VideoDeleted(video_id=video.id, owner="somebody"))
    await video.answers("master.m3u8", 410)


async def test_a_thousand_players_are_one_read_a_second(rig: Rig) -> None:
    video = Video(rig)
    await video.begun()
    await video.segment(0)
    await video.listed("360p.m3u8", "#EXTINF")
    before, begun = reads(), time.monotonic()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=100)) as players:

        async def play() -> int:
            async with players.get(f"{rig.address}{video.media}/360p.m3u8") as answer:
                return answer.status

        assert set(await asyncio.gather(*(play() for _ in range(1000)))) == {200}
    assert reads() - before <= time.monotonic() - begun + 2


def reads() -> float:
    return RENDERED._value.get()


async def test_a_table_of_thousands_of_segments_is_listed(rig: Rig) -> None:
    """A long film: the list is read, rendered and compressed within the player's patience."""
    video = Video(rig)
    await video.begun()
    stored: list[Any] = [
        SegmentStored(
            video_id=video.id, encode_id=video.encode, rendition="360p", number=number,
            key=f"segments/{video.id}/360p/{number:032x}.m4s", init_key=f"segments/{video.id}/360p/{0:032x}.mp4",
            codecs="avc1.64001e", bytes=1000, start=number * 6000, duration=6000, timescale=1000, width=640, height=360,
            frame_rate=25.0, keyframes=(Keyframe(start=number * 6000, duration=6000, offset=8, size=50),),
        )
        for number in range(2000)
    ]  # fmt: skip
    await rig.services.log.post_all(stored)
    text = await video.listed("360p.m3u8", f"{1999:032x}.m4s")
    assert text.count("#EXTINF") == 2000
