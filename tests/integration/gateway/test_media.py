"""Signed media: growing manifests, segments with ranges, and everything that is no link."""

from __future__ import annotations

import asyncio
import hashlib
import time
import uuid
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import httpx
import pytest

from gateway.measures import RENDERED
from gateway.media.links import Links
from schemas.encodes import EncodeCompleted, EncodeStarted, Keyframe, Rung, SegmentStored, ThumbnailsMade
from schemas.videos import VideoDeleted, VideoDescribed, VideoPlayable
from streams.event import Event
from streams.objects import Blob
from tests.integration.gateway.conftest import MIB, Rig, eventually, serving
from tests.integration.gateway.test_outages import wired

pytestmark = pytest.mark.asyncio(loop_scope="session")
NAMES = ("360p",)
RUNGS = (Rung(name="360p", codec="h264", width=640, height=360, crf=23, max_kbps=900),)


def name(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


class Video:
    """A public video whose segments are stored one by one."""

    def __init__(self, rig: Rig) -> None:
        self.rig, self.id, self.encode = rig, str(uuid.uuid4()), str(uuid.uuid4())
        self.media = f"/media/{rig.services.links.token(self.id, time.time())}/{self.id}"
        self.last: dict[str, str] = {}

    async def post(self, *events: Event) -> None:
        for event in events:
            position = await self.rig.services.log.post(event)
            self.last[position.topic] = str(position)

    async def begun(self) -> None:
        described = VideoDescribed(video_id=self.id, owner="somebody", title="Waves")
        started = EncodeStarted(
            video_id=self.id, encode_id=self.encode, rungs=RUNGS, chunks=1, audio=False, duration_ms=6000,
            segments_planned=3,
        )  # fmt: skip
        await self.post(described, started)

    async def segment(self, number: int, body: bytes = b"") -> str:
        body = body or f"{self.id} segment {number} ".encode() * 100
        key, first = f"segments/{self.id}/360p/{name(body)}.m4s", f"segments/{self.id}/360p/{name(b'init')}.mp4"
        blobs = [Blob(key, body, "video/iso.segment"), Blob(first, b"init", "video/mp4")]
        await self.rig.services.objects.put_all(blobs)
        stored = SegmentStored(
            video_id=self.id, encode_id=self.encode, rendition="360p", number=number, key=key, init_key=first,
            codecs="avc1.64001e", bytes=len(body), start=number * 2000, duration=2000, timescale=1000, width=640,
            height=360, frame_rate=25.0, keyframes=(Keyframe(start=number * 2000, duration=2000, offset=8, size=50),),
        )  # fmt: skip
        await self.post(stored)
        return f"360p/{name(body)}.m4s"

    async def get(self, path: str, **headers: str) -> httpx.Response:
        async with httpx.AsyncClient(base_url=self.rig.address) as player:
            return await player.get(f"{self.media}/{path}", headers=headers)

    async def listed(self, path: str, wanted: str) -> str:
        """The manifest once it holds `wanted`: lists are a second old at most, and views take their time."""
        found = ""

        async def held() -> bool:
            nonlocal found
            found = (await self.get(path)).text
            return wanted in found

        await eventually(held)
        return found

    async def answers(self, path: str, status: int) -> httpx.Response:
        """The answer at `path` once it has this status."""

        async def so() -> bool:
            return (await self.get(path)).status_code == status

        await eventually(so)
        return await self.get(path)


async def test_a_video_grows_before_its_players_eyes(rig: Rig, nobody: httpx.AsyncClient) -> None:
    video = Video(rig)
    await video.begun()
    await video.segment(0)
    await video.post(VideoPlayable(video_id=video.id, encode_id=video.encode))
    after = {"Playlog-After": ",".join(video.last.values())}
    shown = (await nobody.get(f"/v1/videos/{video.id}", headers=after)).json()
    assert shown["hls"].endswith(f"/{video.id}/master.m3u8")
    assert shown["progress"]["segments_total"] == 3
    master = await video.get("master.m3u8")
    assert master.headers["Cache-Control"] == "public, max-age=1"
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


async def test_a_store_that_goes_away_breaks_the_segment_off(rig: Rig) -> None:
    settings = rig.platform.settings
    async with wired(urlsplit(settings.s3).netloc) as (wire, address):
        platform = replace(rig.platform, settings=replace(settings, s3=f"http://{address}", s3_public=settings.s3))
        async with serving(platform) as gateway:
            video = Video(gateway)
            path = await video.segment(0, b"x" * (16 * MIB))
            async with httpx.AsyncClient(base_url=gateway.address) as player:
                async with player.stream("GET", f"{video.media}/{path}") as answer:
                    assert answer.headers["Content-Length"] == str(16 * MIB)
                    pieces = answer.aiter_bytes(1000)
                    await anext(pieces)
                    wire.cut()
                    with pytest.raises(httpx.TransportError):
                        async for _ in pieces:
                            pass
                wire.up = True
                assert (await player.get(f"{video.media}/{path}", headers={"Range": "bytes=0-3"})).content == b"xxxx"


async def test_segments_come_in_ranges_and_are_kept_for_ever(rig: Rig) -> None:
    video = Video(rig)
    await video.begun()
    path = await video.segment(0)
    whole = await video.get(path)
    assert whole.status_code == 200
    assert whole.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert whole.headers["Access-Control-Allow-Origin"] == "*"
    part = await video.get(path, Range="bytes=5-9")
    assert (part.status_code, part.content) == (206, whole.content[5:10])
    assert part.headers["Content-Range"] == f"bytes 5-9/{len(whole.content)}"
    assert (await video.get(path, Range="bytes=-3")).content == whole.content[-3:]
    assert (await video.get(path, Range="bytes=999999-")).status_code == 416
    assert (await video.get(path, Range="bytes=x")).status_code == 200
    assert (await video.get(path, **{"If-None-Match": whole.headers["ETag"]})).status_code == 304
    stale = {"Range": "bytes=0-1", "If-Range": '"other"'}
    assert (await video.get(path, **stale)).status_code == 200
    async with httpx.AsyncClient(base_url=rig.address) as player:
        head = await player.head(f"{video.media}/{path}")
        assert (head.status_code, head.headers["Content-Length"]) == (200, str(len(whole.content)))
        assert (await player.options(f"{video.media}/{path}")).status_code == 204


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


async def test_a_poster_appears_when_it_is_made(rig: Rig, nobody: httpx.AsyncClient) -> None:
    video = Video(rig)
    await video.begun()
    await video.segment(0)
    assert (await video.get("poster.jpg")).status_code == 404
    key = f"pictures/{video.id}/{name(b'poster')}.jpg"
    await rig.services.objects.put(Blob(key, b"poster", "image/jpeg"))
    await video.post(ThumbnailsMade(video_id=video.id, encode_id=video.encode, poster_key=key, width=640, height=360))
    poster = await video.answers("poster.jpg", 200)
    assert (poster.content, poster.headers["Content-Type"]) == (b"poster", "image/jpeg")


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


async def test_links_that_are_forged_expired_or_anothers(rig: Rig, nobody: httpx.AsyncClient) -> None:
    one, other = Video(rig), Video(rig)
    old = Links(rig.services.secrets.media, 0).token(one.id, time.time() - 8000)
    for token, status in ((old, 410), ("x", 403), ("99999999999.x", 403), (other.media.split("/")[2], 403)):
        answer = await nobody.get(f"/media/{token}/{one.id}/master.m3u8")
        assert answer.status_code == status
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "path",
    [
        "../x", "..%2f..%2fsources/x", "360p/../../../sources/x", "360p/..%2f..%2f..%2fsources%2fx", "sources/x",
        "360p/" + "0" * 32 + ".m4s", "360p/" + "0" * 31 + "g.m4s", "360p/%00.m4s", "%2e%2e/%2e%2e/etc/passwd",
        "360P/" + "0" * 32 + ".m4s", "a" * 2000, "master.m3u8/x", "poster.jpg%00.m4s", "\\..\\x",
    ],
)  # fmt: skip
async def test_paths_that_lead_out_of_a_video_lead_nowhere(rig: Rig, path: str) -> None:
    video = Video(rig)
    port = int(rig.address.rsplit(":", 1)[1])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {video.media}/{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    assert int(answer.split()[1]) in (400, 403, 404), answer[:200]


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
