"""Captions that an owner gives a video, and the chapters that its source names."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest

from gateway.reads import CAPTIONS_BY_OWNER
from schemas.encodes import EncodeCompleted
from schemas.videos import CaptionAdded, Chapter, VideoDeleted, VideoDescribed, VideoPlayable, VideoProbed
from streams.objects import Blob
from tests.integration.gateway.conftest import OPTIONS, Rig, eventually, serving
from tests.integration.gateway.growing_video import NAMES, Video
from tests.integration.gateway.test_videos import described, shown

pytestmark = pytest.mark.asyncio(loop_scope="session")
SRT = "1\n00:00:00,500 --> 00:00:01,500\nGrüße, <i>Ana</i> <script>x</script>\n"
TYPE = {"Content-Type": "application/x-subrip"}
PLACE = "/v1/videos/{}/captions/{}"


async def put(client: httpx.AsyncClient, video: str, language: str, text: bytes, **params: str) -> httpx.Response:
    return await client.put(PLACE.format(video, language), content=text, headers=TYPE, params=params)


async def test_uploaded_captions_are_shown_served_replaced_and_removed(rig: Rig, ann: httpx.AsyncClient) -> None:
    video, _ = await described(rig, ann, visibility="public")
    added = await put(ann, video, "GER", SRT.encode("utf-16"), label="Deutsch (SDH)")
    assert added.status_code == 202, added.text
    assert (added.json()["language"], added.json()["cues"]) == ("de", 1)

    (caption,) = (await shown(ann, video, added.headers["Playlog-Position"]))["captions"]
    assert (caption["language"], caption["label"], caption["origin"]) == ("de", "Deutsch (SDH)", "uploaded")
    file = await ann.get(caption["address"])
    assert file.headers["Content-Type"].startswith("text/vtt")
    assert "immutable" in file.headers["Cache-Control"]
    assert "00:00:00.500 --> 00:00:01.500\nGrüße, <i>Ana</i> x\n" in file.text

    other = await put(ann, video, "de", SRT.replace("Ana", "Bo").encode())
    (caption,) = (await shown(ann, video, other.headers["Playlog-Position"]))["captions"]
    assert "Bo" in (await ann.get(caption["address"])).text

    gone = await ann.delete(PLACE.format(video, "de"))
    assert (await shown(ann, video, gone.headers["Playlog-Position"]))["captions"] == []


@pytest.mark.parametrize(
    ("language", "body", "status", "said"),
    [
        ("de", b"1\n00:00:02,000 --> 00:00:01,000\nx", 422, "Line 2"),
        ("de", b"\x00\x01\x02", 422, "Line 1"),
        ("de", b"", 422, "holds no captions"),
        ("klingon", SRT.encode(), 422, "BCP 47"),
        ("de", b"x" * ((2 << 20) + 1), 413, "larger"),
    ],
)
async def test_what_is_no_captions_is_refused_with_the_reason(
    rig: Rig, ann: httpx.AsyncClient, language: str, body: bytes, status: int, said: str
) -> None:
    video, _ = await described(rig, ann)
    answer = await put(ann, video, language, body)

    assert answer.status_code == status
    assert said in answer.text


async def test_captions_are_their_owners_and_text(rig: Rig, ann: httpx.AsyncClient) -> None:
    video, _ = await described(rig, ann, visibility="public")
    async with rig.client("bob") as bob:
        assert (await put(bob, video, "de", SRT.encode())).status_code == 403
        assert (await bob.delete(PLACE.format(video, "de"))).status_code == 403
    assert (await ann.put(PLACE.format(video, "de"), json={})).status_code == 415
    assert (await put(ann, video, "de", SRT.encode(), label="x" * 101)).status_code == 422


async def test_captions_count_to_their_owners_quota_until_they_are_removed(rig: Rig, ann: httpx.AsyncClient) -> None:
    video, _ = await described(rig, ann)
    owner = (await ann.get(f"/v1/videos/{video}")).json()["owner"]

    async def held(any_: bool) -> bool:
        return any((await rig.services.rows.sums(CAPTIONS_BY_OWNER, ["bytes"], owner=owner)).values()) is any_

    async with (
        serving(rig.platform, replace(OPTIONS, caption_bytes=199)) as small,
        httpx.AsyncClient(base_url=small.address, headers=ann.headers, timeout=60) as client,
    ):
        assert (await put(client, video, "de", SRT.encode())).status_code == 202
        await eventually(lambda: held(True))
        refused = await put(client, video, "en", SRT.encode())
        assert (refused.status_code, refused.json()["code"]) == (429, "quota")
        assert "Remove captions" in refused.json()["mend"]
        assert (await client.delete(PLACE.format(video, "de"))).status_code == 202
        await eventually(lambda: held(False))
        assert (await put(client, video, "en", SRT.encode())).status_code == 202


async def test_what_was_embedded_stands_behind_what_is_uploaded_and_both_are_in_the_manifests(
    rig: Rig, nobody: httpx.AsyncClient
) -> None:
    video = Video(rig)
    await video.begun()
    for number in range(3):
        await video.segment(number)
    await video.post(EncodeCompleted(video_id=video.id, encode_id=video.encode, duration_ms=6000, renditions=NAMES))
    for origin in ("uploaded", "embedded"):
        key = f"segments/{video.id}/text-de/{'a' * 31}{len(origin)}.vtt"
        await rig.services.objects.put(Blob(key, b"WEBVTT\n\n", "text/vtt"))
        added = CaptionAdded(video_id=video.id, language="de", origin=origin, label=origin, key=key, bytes=8, cues=0)
        await video.post(added)

    answer = (await nobody.get(f"/v1/videos/{video.id}", headers=video.after)).json()
    master = await video.listed("master.m3u8", "SUBTITLES")

    assert [(caption["language"], caption["origin"]) for caption in answer["captions"]] == [("de", "uploaded")]
    assert 'NAME="uploaded",LANGUAGE="de"' in master
    playlist = await video.get("text-de.m3u8")
    path = playlist.text.splitlines()[-2]
    assert (await video.get(path)).text == "WEBVTT\n\n"
    assert path in (await video.get("manifest.mpd")).text


async def test_chapters_of_the_source_are_shown_and_a_file(rig: Rig, nobody: httpx.AsyncClient) -> None:
    video = Video(rig)
    await video.post(VideoDescribed(video_id=video.id, owner="somebody", title="Waves"), probed(video.id))

    answer = (await nobody.get(f"/v1/videos/{video.id}", headers=video.after)).json()

    assert answer["chapters"] == [
        {"start_ms": 0, "end_ms": 2500, "title": "Dawn <b> & dusk"},
        {"start_ms": 2500, "end_ms": 6000, "title": ""},
    ]
    file = (await nobody.get(answer["chapter_file"])).text
    assert "00:00:00.000 --> 00:00:02.500\nDawn &lt;b&gt; &amp; dusk\n\n00:00:02.500 --> 00:00:06.000\n2\n" in file

    await video.post(VideoDeleted(video_id=video.id, owner="somebody"))
    assert "chapters" not in str((await video.answers("chapters.vtt", 410)).json())


def probed(video_id: str) -> VideoProbed:
    found: dict[str, Any] = {"container": "mov", "duration_ms": 6000, "size_bytes": 1, "store_key": "k", "etag": "e"}
    chapters = (
        Chapter(start_ms=0, end_ms=2500, title="Dawn <b> & dusk"), Chapter(start_ms=2500, end_ms=6000, title="")
    )  # fmt: skip
    return VideoProbed(video_id=video_id, chapters=chapters, **found)


async def test_captions_give_the_manifests_a_new_address(rig: Rig, nobody: httpx.AsyncClient) -> None:
    video = Video(rig)
    await video.begun()
    await video.segment(0)
    await video.post(VideoPlayable(video_id=video.id, encode_id=video.encode))
    await video.finished()
    before = (await nobody.get(f"/v1/videos/{video.id}", headers=video.after)).json()
    key = f"segments/{video.id}/text-de/{'a' * 32}.vtt"
    added = CaptionAdded(video_id=video.id, language="de", origin="uploaded", label="", key=key, bytes=8, cues=0)
    await video.post(added)

    after = (await nobody.get(f"/v1/videos/{video.id}", headers=video.after)).json()

    assert before["hls"].endswith("/master.m3u8")
    assert after["hls"] != before["hls"]
    await asyncio.sleep(1.1)  # a list of another version is at most a second old
    assert "text-de.m3u8" in (await nobody.get(after["hls"])).text
    assert key.rsplit("/", 1)[-1] in (await nobody.get(after["dash"])).text
