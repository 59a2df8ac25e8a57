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
from tests.bench.encode import beside
from tests.bench.film import film
from tests.bench.first_segment import first_segments
from tests.own_stack import own_environment, playlog_up

RUNS = 3


def main() -> None:
    clip = film("trailer")
    with tempfile.TemporaryDirectory() as folder:
        environment = own_environment(Path(folder) / "home") | {"PLAYLOG_CACHE": str(Path(folder) / "cache")}
        cold = started(environment)
        with playlog_up(environment) as local:
            firsts = first_segments(local, clip, RUNS)
            megabytes = stack_megabytes(local)
        warm = statistics.median(started(environment) for _ in range(RUNS))
    times = beside(clip, RUNS)
    figures = {
        "cold_s": round(cold, 1),
        "warm_s": round(warm, 1),
        "stack_mb": megabytes,
        "first_segment_s": round(statistics.median(firsts), 2),
        "vs_ffmpeg": round(statistics.median(times["playlog"]) / statistics.median(times["ffmpeg"]), 3),
    }
    print(f"{os.cpu_count()} cores, {psutil.virtual_memory().total >> 30} GiB, clip {clip.name}, medians of {RUNS}")
    print(f"start with nothing fetched {cold:.1f} s, with data {warm:.1f} s; first segments after {firsts} s")
    print(json.dumps(figures))


def started(environment: dict[str, str]) -> float:
    """Seconds until `playlog up` serves its page."""
    begun = time.perf_counter()
    with playlog_up(environment):
        return time.perf_counter() - begun


def stack_megabytes(local: Local) -> int:
    """Resident memory of the supervisor and all it runs, shared pages counted once (PSS)."""
    supervisor = instance.process(local, instance.SUPERVISOR)
    assert supervisor
    processes = [supervisor, *supervisor.children(recursive=True)]
    return sum(process.memory_full_info().pss for process in processes) >> 20


if __name__ == "__main__":
    main()
