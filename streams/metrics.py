"""The health of a worker's partitions for Prometheus, and as a file that `playlog status` reads."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from streams.health import Health
from streams.settings import Settings

EVERY = 1.0  # seconds between two reports
FRESH = 5.0  # seconds after which a worker that has not reported is gone
LABELS = ["processor", "topic", "partition"]
GAUGES: dict[str, tuple[str, Callable[[Health], float]]] = {
    "playlog_lag": ("Offsets of the partition that are not applied yet.", lambda h: h.lag),
    "playlog_position": ("The next offset to apply.", lambda h: h.position),
    "playlog_held": ("1 while something that is down holds the partition.", lambda h: h.phase == "held"),
    "playlog_committed_age_seconds": (
        "Seconds in which the committed offset has not moved although there is something to apply.",
        lambda h: h.age,
    ),
}
COUNTERS: dict[str, tuple[str, Callable[[Health], float]]] = {
    "playlog_records": ("Records applied.", lambda h: h.events),
    "playlog_dead_letters": ("Records rejected.", lambda h: h.dead_letters),
}


class Report(msgspec.Struct):
    """What a worker says of itself. `reported_at` in s since 1970."""

    worker: str
    reported_at: float
    partitions: list[Health]


class HealthCollector(Collector):
    """Reads the partitions' health when it is scraped."""

    def __init__(self, health: Callable[[], Iterable[Health]]) -> None:
        self._health = health

    def collect(self) -> Iterator[Metric]:
        partitions = list(self._health())
        for families, kind in ((GAUGES, GaugeMetricFamily), (COUNTERS, CounterMetricFamily)):
            for name, (text, value) in families.items():
                family = kind(name, text, labels=LABELS)
                for h in partitions:
                    family.add_metric([h.processor, h.topic, str(h.partition)], float(value(h)))
                yield family


async def report(settings: Settings, health: Callable[[], Iterable[Health]]) -> None:
    """Write a worker's report every second; removes it when cancelled."""
    name = f"{socket.gethostname()}-{os.getpid()}"
    path = _folder(settings) / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        while True:
            written = path.with_suffix(".new")
            written.write_bytes(msgspec.json.encode(Report(name, time.time(), list(health()))))
            written.rename(path)
            await asyncio.sleep(EVERY)
    finally:
        path.unlink(missing_ok=True)


def reports(settings: Settings) -> Sequence[Report]:
    """The latest reports of the workers that are alive on this machine."""
    found: list[Report] = []
    for path in _folder(settings).glob("*.json"):
        with contextlib.suppress(FileNotFoundError):  # it has ended meanwhile
            found.append(msgspec.json.decode(path.read_bytes(), type=Report))
    return [one for one in found if time.time() - one.reported_at < FRESH]


def _folder(settings: Settings) -> Path:
    return Path(settings.home).absolute() / "workers" / settings.named("health")
