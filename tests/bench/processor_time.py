"""Events a second of wall time and of processor time, of this process with all its threads."""

from __future__ import annotations

import resource
import time
from pathlib import Path


class Watch:
    """Started and stopped with the number of events done by then."""

    def __init__(self) -> None:
        self.running = False
        self.figures: dict[str, float] = {}

    def start(self, events: int) -> None:
        self.running = True
        self._events, self._wall, self._cpu = events, time.perf_counter(), _cpu()

    def stop(self, events: int) -> None:
        done, wall, cpu = events - self._events, time.perf_counter() - self._wall, _cpu() - self._cpu
        self.figures = {
            "per_second": done / wall,
            "per_core_second": done / cpu,
            "us": cpu / done * 1e6,
            "megabytes": peak(),
        }


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak() -> float:
    """The most memory that this process has held, in MB; `ru_maxrss` would begin with that of its parent."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
