"""kill -9 of any worker or of the gateway, at any moment: the video is published, once."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import httpx
import pytest

from deploy.local.configuration import Local
from gateway.client.uploading import Client

LIMIT_SECONDS = 240


def token(platform: Local, subject: str) -> str:
    answer = httpx.post(f"{platform.page}/v1/dev/token", json={"subject": subject, "role": "creator"})
    answer.raise_for_status()
    return answer.json()["token"]


def kill(platform: Local, process: str) -> None:
    pid = int((platform.run / f"{process}.pid").read_text())
    os.kill(pid, signal.SIGKILL)


def wait_published(client: httpx.Client, video_id: str) -> dict[str, object]:
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


@pytest.mark.parametrize("victims", [("work-1",), ("work-2", "streams"), ("gateway", "work-1", "streams")])
def test_killed_processes_cost_nothing(platform: Local, long_clip: Path, victims: tuple[str, ...]) -> None:
    bearer = {"Authorization": f"Bearer {token(platform, 'kills')}"}
    with httpx.Client(base_url=platform.page, headers=bearer, timeout=10) as client:
        video_id = Client(platform.page, bearer["Authorization"].removeprefix("Bearer ")).upload(long_clip, title="Kills")
        for victim in victims:
            time.sleep(3)
            kill(platform, victim)
        assert wait_published(client, video_id)["state"] == "published"
        events = client.get(f"/v1/videos/{video_id}/timeline", params={"limit": 1000}).json()["events"]
    happened = [event["type"] for event in events]
    for once in ("UploadCompleted", "VideoProbed", "EncodeStarted", "VideoPlayable", "EncodeCompleted", "VideoPublished"):
        assert happened.count(once) == 1, f"{once} happened {happened.count(once)} times"
    segments = [(e["event"]["rendition"], e["event"]["number"]) for e in events if e["type"] == "SegmentStored"]
    assert len(segments) == len(set(segments))
