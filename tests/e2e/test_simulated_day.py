"""Two hundred viewers, some hostile traffic, kill -9 of a worker and of the gateway: every view equals the truth."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path

import pytest

from deploy.local import instance
from deploy.local.configuration import Local
from tests.own_stack import start

VIEWERS, VIDEOS = 200, 20
DAY = ["--viewers", VIEWERS, "--publish", VIDEOS, "--rate", 20, "--seconds", 12, "--speed", 60, "--probes", 1]
VICTIMS = ("streams", "gateway", "streams")
ENDS_WITHIN_SECONDS = 540  # a guard against a hang, on a busy machine too


@pytest.mark.timeout(600)
def test_a_day_with_kills_is_counted_exactly(platform: Local, tmp_path: Path) -> None:
    output, truth = tmp_path / "simulate.out", tmp_path / "truth.json"
    options = [*map(str, DAY), "--check", "--hostile", "--truth", str(truth)]
    with output.open("wb") as written:
        simulation = start(platform.environment(), "simulate", *options, output=written.fileno())
        for victim in VICTIMS:
            time.sleep(4)
            kill(platform, victim)
        ended = simulation.wait(ENDS_WITHIN_SECONDS)
    assert ended == 0, output.read_text()
    total = totals(truth)
    assert total["sessions"] >= VIEWERS, "everybody came"
    assert min(total[view] for view in ("views", "watched ms", "ratings", "co-watches")) > 0, total


def kill(platform: Local, name: str) -> None:
    """Kill -9, once it runs: it may have been killed a moment ago."""
    limit = time.monotonic() + 60
    while not (running := instance.process(platform, name)) and time.monotonic() < limit:
        time.sleep(0.2)
    assert running
    running.kill()


def totals(truth: Path) -> Counter[str]:
    """Sums over all videos, by view: a day on which nothing happened proves nothing."""
    found: Counter[str] = Counter()
    for key, number in json.loads(truth.read_text()).items():
        found[key.partition("/")[0]] += number
    return found
