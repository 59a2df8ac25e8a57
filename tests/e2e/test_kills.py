"""kill -9 of any worker or of the gateway, at any moment: the video is published, once."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local.configuration import Local

LIMIT_SECONDS = 240
ONCE = ("UploadCompleted", "VideoProbed", "EncodeStarted", "VideoPlayable", "EncodeCompleted", "VideoPublished")


def token(platform: Local, subject: str) -> str:
    answer = httpx.post(f"{platform.page}/v1/dev/token", json={"subject": subject, "role": "creator"})
    answer.raise_for_status()
    return answer.json()["token"]


def kill(platform: Local, process: str) -> None:
    pid = int((platform.run / f"{process}.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)


def upload(client: httpx.Client, file: Path) -> str:
    """Announce, put, complete: as any client would."""
    about = {"filename": file.name, "size": file.stat().st_size, "content_type": "video/mp4", "title": "Killed"}
    announced = client.post("/v1/uploads", json=about).raise_for_status().json()
    put = httpx.put(announced["upload"]["url"], content=file.read_bytes(), headers={"Content-Type": "video/mp4"})
    etag = put.raise_for_status().headers["ETag"]
    done = {"parts": [{"number": 1, "etag": etag}]}
    client.post(f"/v1/uploads/{announced['video_id']}/complete", json=done, timeout=60).raise_for_status()
    return announced["video_id"]


def wait_published(client: httpx.Client, video_id: str) -> dict[str, Any]:
    limit = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < limit:
        try:
            answer = client.get(f"/v1/videos/{video_id}")
            if answer.is_success and answer.json()["state"] in ("published", "failed", "rejected"):
                return answer.json()
        except httpx.TransportError:
            pass
        time.sleep(0.5)
    raise TimeoutError(f"{video_id} is not published after {LIMIT_SECONDS} s")


def timeline(client: httpx.Client, video_id: str) -> list[dict[str, Any]]:
    """Everything that happened to a video, page by page."""
    events: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = client.get(f"/v1/videos/{video_id}/timeline", params=cursor).raise_for_status().json()
        events += page["events"]
        if not page["cursor"]:
            return events
        cursor = {"cursor": page["cursor"]}


@pytest.mark.parametrize("victims", [("work-1", "streams"), ("gateway", "work-2")])
def test_killed_processes_cost_nothing(platform: Local, long_clip: Path, victims: tuple[str, ...]) -> None:
    bearer = {"Authorization": f"Bearer {token(platform, 'kills')}"}
    with httpx.Client(base_url=platform.page, headers=bearer, timeout=10) as client:
        video_id = upload(client, long_clip)
        for victim in victims:
            time.sleep(3)
            kill(platform, victim)
        assert wait_published(client, video_id)["state"] == "published"
        events = timeline(client, video_id)
    happened = [event["type"] for event in events]
    for once in (
        "UploadCompleted",
        "VideoProbed",
        "EncodeStarted",
        "VideoPlayable",
        "EncodeCompleted",
        "VideoPublished",
    ):
        assert happened.count(once) == 1, f"{once} happened {happened.count(once)} times"
    segments = [(e["event"]["rendition"], e["event"]["number"]) for e in events if e["type"] == "SegmentStored"]
    assert len(segments) == len(set(segments))
