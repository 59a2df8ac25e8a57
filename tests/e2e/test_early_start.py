"""A video plays while its upload still runs."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest

from deploy.local.configuration import Local
from tests.grainy import grainy
from tests.platform_client import LIMIT_SECONDS, Platform

ONCE = ("EncodeStarted", "VideoProbed", "SourceConfirmed", "VideoPublished")


class Sent:
    """An upload in parts, put one by one."""

    def __init__(self, client: Platform, file: Path) -> None:
        self._client, self._data = client, file.read_bytes()
        about = {"filename": file.name, "size": len(self._data), "content_type": "video/mp4", "title": file.stem}
        answer = client.http.post("/v1/uploads", json=about).raise_for_status().json()
        self.video_id, plan = answer["video_id"], answer["upload"]
        self.count, self._size = plan["part_count"], plan["part_size"]
        self._urls = {part["number"]: part["url"] for part in plan["parts"]}

    def put(self, *numbers: int) -> None:
        for number in numbers:
            body = self._data[(number - 1) * self._size : number * self._size]
            stored = httpx.put(self._urls[number], content=body, timeout=60).raise_for_status()
            path = f"/v1/uploads/{self.video_id}/parts/{number}"
            self._client.http.put(path, json={"etag": stored.headers["ETag"]}).raise_for_status()

    def complete(self) -> None:
        self._client.http.post(f"/v1/uploads/{self.video_id}/complete", json={}).raise_for_status()

    def playable(self) -> dict[str, Any]:
        limit = time.monotonic() + LIMIT_SECONDS
        while not (video := self._client.video(self.video_id))["playable"]:
            assert time.monotonic() < limit, (video, self._client.timeline(self.video_id))
            time.sleep(0.3)
        return video


def playlist(page: str, video: dict[str, Any]) -> tuple[str, str]:
    """Address and text of the last media playlist that the master lists."""
    master = urljoin(page, video["hls"])
    names = [line for line in text(master, "#EXTM3U").splitlines() if line and line[0] != "#"]
    address = urljoin(master, names[-1])
    return address, text(address, "#EXTM3U")


def text(address: str, having: str) -> str:
    """What is there once it has this in it: views of several topics keep it, each behind the log by a moment."""
    limit = time.monotonic() + LIMIT_SECONDS
    while having not in (answer := httpx.get(address)).text:
        assert time.monotonic() < limit, (answer.status_code, answer.text)
        time.sleep(0.5)
    return answer.text


def segments(listed: str) -> list[str]:
    return [line for line in listed.splitlines() if line and not line.startswith("#")]


@pytest.mark.timeout(600)
def test_the_first_segments_are_served_before_the_last_part_is_put(platform: Local, tmp_path: Path) -> None:
    client = Platform(platform.page, "early")
    sent = Sent(client, grainy(tmp_path / "film.mp4", 40, movflags="faststart"))
    sent.put(1, 2)
    video = sent.playable()
    address, growing = playlist(platform.page, video)
    first = segments(growing)
    assert video["state"] == "uploading"
    assert sent.count > 4
    assert "#EXT-X-PLAYLIST-TYPE:EVENT" in growing
    assert "#EXT-X-ENDLIST" not in growing
    assert len(httpx.get(urljoin(address, first[0])).raise_for_status().content) > 1000
    sent.put(*range(3, sent.count + 1))
    sent.complete()
    client.wait(sent.video_id, ("published", "failed"))
    whole = text(address, "#EXT-X-ENDLIST")
    assert segments(whole)[: len(first)] == first
    told = [event["type"] for event in client.told(sent.video_id, ["VideoPublished", "UploadCompleted"])]
    assert told.index("VideoPlayable") < told.index("UploadCompleted") < told.index("VideoPublished")
    assert [told.count(name) for name in ONCE] == [1, 1, 1, 1], told
