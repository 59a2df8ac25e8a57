"""kill -9 of any worker or of the gateway, at any moment: the video is published, once."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from deploy.local import instance
from deploy.local.configuration import Local
from tests.platform_client import Platform

ENDS = ("published", "failed", "rejected")
ONCE = ("UploadCompleted", "VideoProbed", "EncodeStarted", "VideoPlayable", "EncodeCompleted", "VideoPublished")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("victims", [("work-1", "streams"), ("gateway", "work-2")])
def test_killed_processes_cost_nothing(platform: Local, long_clip: Path, victims: tuple[str, ...]) -> None:
    with Platform(platform.page, "kills") as client:
        video_id = client.upload(long_clip)
        for victim in victims:
            time.sleep(3)
            running = instance.process(platform, victim)
            assert running
            running.kill()
        assert client.wait(video_id, ENDS)["state"] == "published"
        events = client.told(video_id, ONCE)
    happened = [event["type"] for event in events]
    assert {name: happened.count(name) for name in ONCE} == dict.fromkeys(ONCE, 1)
    segments = [(e["event"]["rendition"], e["event"]["number"]) for e in events if e["type"] == "SegmentStored"]
    assert len(segments) == len(set(segments))
