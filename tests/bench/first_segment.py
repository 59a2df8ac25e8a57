"""Time from an upload's completion to the first playable segment, by the log's own clock."""

from __future__ import annotations

import time
from pathlib import Path

from deploy.local import instance
from deploy.local.configuration import Local
from tests.platform_client import Platform

CONFINED = "processors.media.child"  # what a confined process runs


def first_segments(local: Local, clip: Path, runs: int) -> list[float]:
    """Seconds until every rung has its first segment, upload by upload, each on a machine that is idle again."""
    return [_first_segment(local, clip) for _ in range(runs)]


def _first_segment(local: Local, clip: Path) -> float:
    with Platform(local.page, "bench") as platform:
        video_id = platform.upload(clip)
        at = {event["type"]: event["at"] for event in platform.told(video_id, ("UploadCompleted", "VideoPlayable"))}
        platform.http.delete(f"/v1/videos/{video_id}").raise_for_status()
    while _encoding(local):
        time.sleep(1)
    return (at["VideoPlayable"] - at["UploadCompleted"]) / 1000


def _encoding(local: Local) -> bool:
    supervisor = instance.process(local, instance.SUPERVISOR)
    assert supervisor
    return any(CONFINED in " ".join(process.cmdline()) for process in supervisor.children(recursive=True))
