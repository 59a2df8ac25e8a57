"""Segments and pictures by signed links, with ranges; and everything that is no link."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from gateway.media import segments
from gateway.media.links import Links
from schemas.encodes import Thumbnail, ThumbnailsMade
from schemas.videos import VideoDescribed
from streams.objects import Blob
from tests.integration.gateway.conftest import MIB, Rig, serving
from tests.integration.gateway.growing_video import Video, name
from tests.integration.gateway.test_outages import wired

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_store_that_goes_away_breaks_the_segment_off(rig: Rig) -> None:
    settings = rig.platform.settings
    async with wired(urlsplit(settings.s3).netloc) as (wire, address):
        platform = replace(rig.platform, settings=replace(settings, s3=f"http://{address}", s3_public=settings.s3))
        async with serving(platform) as gateway:
            video = Video(gateway)
            path = await video.segment(0, b"x" * (16 * MIB))
            async with httpx.AsyncClient(base_url=gateway.address, timeout=60) as player:
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
    async with httpx.AsyncClient(base_url=rig.address, timeout=60) as player:
        head = await player.head(f"{video.media}/{path}")
        assert (head.status_code, head.headers["Content-Length"]) == (200, str(len(whole.content)))
        assert (await player.options(f"{video.media}/{path}")).status_code == 204


async def test_a_poster_that_is_listed_is_there(
    rig: Rig, nobody: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "GROWING", 60)
    video = Video(rig)
    await video.begun()
    await video.segment(0)
    assert (await nobody.get(f"/v1/videos/{video.id}", headers=video.after)).json()["poster"] is None
    assert (await video.get("poster.jpg")).status_code == 404
    key = f"pictures/{video.id}/{name(b'poster')}.jpg"
    await rig.services.objects.put(Blob(key, b"poster", "image/jpeg"))
    await video.post(ThumbnailsMade(video_id=video.id, encode_id=video.encode, poster_key=key, width=640, height=360))
    listed = (await nobody.get(f"/v1/videos/{video.id}", headers=video.after)).json()["poster"]
    poster = await nobody.get(listed)
    assert (poster.content, poster.headers["Content-Type"]) == (b"poster", "image/jpeg")


async def test_the_pictures_of_a_video_are_where_it_says(rig: Rig, nobody: httpx.AsyncClient) -> None:
    video = Video(rig)
    await video.begun()
    await video.segment(0)
    forms = {"one.jpg": "image/jpeg", "two.jpg": "image/jpeg", "board.vtt": "text/vtt", "moving.webp": "image/webp"}
    keys = {what: f"pictures/{video.id}/{name(what.encode())}.{what.split('.')[1]}" for what in forms}
    for what, key in keys.items():
        await rig.services.objects.put(Blob(key, what.encode(), forms[what]))
    moments = tuple(
        Thumbnail(key=keys[what], width=640, height=360, at_ms=at) for what, at in (("one.jpg", 100), ("two.jpg", 900))
    )
    await video.post(
        ThumbnailsMade(
            video_id=video.id, encode_id=video.encode, poster_key=keys["one.jpg"], width=640, height=360,
            thumbnails=moments, storyboard_key=keys["board.vtt"], preview_key=keys["moving.webp"],
        )
    )  # fmt: skip

    async def shown() -> dict[str, Any]:
        return (await nobody.get(f"/v1/videos/{video.id}", headers=video.after)).json()

    async def body(address: str) -> str:
        answer = await nobody.get(address)
        assert answer.headers["Content-Type"] == forms[answer.text]
        return answer.text

    found = await shown()
    assert [await body(found[part]) for part in ("poster", "storyboard", "preview")] == [
        "one.jpg", "board.vtt", "moving.webp",
    ]  # fmt: skip
    assert [(one["at_ms"], await body(one["address"])) for one in found["thumbnails"]] == [
        (100, "one.jpg"), (900, "two.jpg"),
    ]  # fmt: skip
    await video.post(VideoDescribed(video_id=video.id, owner="ann", title="A", poster_at_ms=900))
    assert await body((await shown())["poster"]) == "two.jpg"


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
