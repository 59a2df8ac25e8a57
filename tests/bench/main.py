"""The main job in figures: start of the stack, its memory, time to the first segment, encode time against ffmpeg.

`make bench-main` takes about ten minutes and wants the machine for itself. Its last line is JSON.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import time
from pathlib import Path

import psutil

from deploy.local import instance
from deploy.local.configuration import Local
from tests.bench.encode_vs_ffmpeg import ratio
from tests.bench.film import film
from tests.own_stack import own_environment, playlog_up
from tests.platform_client import Platform

RUNS = 3


def main() -> None:
    clip = film("trailer")
    with tempfile.TemporaryDirectory() as folder:
        environment = own_environment(Path(folder) / "home") | {"PLAYLOG_CACHE": str(Path(folder) / "cache")}
        cold = started(environment)
        with playlog_up(environment) as local:
            firsts = [first_segment_seconds(local, clip) for _ in range(RUNS)]
            megabytes = stack_megabytes(local)
        warm = statistics.median(started(environment) for _ in range(RUNS))
    figures = {
        "cold_s": round(cold, 1),
        "warm_s": round(warm, 1),
        "stack_mb": megabytes,
        "first_segment_s": round(statistics.median(firsts), 2),
        "vs_ffmpeg": round(ratio(clip, RUNS), 3),
    }
    print(f"{os.cpu_count()} cores, {psutil.virtual_memory().total >> 30} GiB, clip {clip.name}, medians of {RUNS}")
    print(f"start with nothing fetched {cold:.1f} s, with data {warm:.1f} s; first segments after {firsts} s")
    print(json.dumps(figures))


def started(environment: dict[str, str]) -> float:
    """Seconds until `playlog up` serves its page."""
    begun = time.perf_counter()
    with playlog_up(environment):
        return time.perf_counter() - begun


def first_segment_seconds(local: Local, clip: Path) -> float:
    """By the log's own clock: from the upload's completion to every rung having its first segment."""
    with Platform(local.page, "bench") as platform:
        video_id = platform.upload(clip)
        platform.wait(video_id, {"published"})
        at = {event["type"]: event["at"] for event in platform.told(video_id, ("UploadCompleted", "VideoPlayable"))}
    return (at["VideoPlayable"] - at["UploadCompleted"]) / 1000


def stack_megabytes(local: Local) -> int:
    """Resident memory of the supervisor and all it runs, shared pages counted once (PSS)."""
    supervisor = instance.process(local, instance.SUPERVISOR)
    assert supervisor
    processes = [supervisor, *supervisor.children(recursive=True)]
    return sum(process.memory_full_info().pss for process in processes) >> 20


if __name__ == "__main__":
    main()
