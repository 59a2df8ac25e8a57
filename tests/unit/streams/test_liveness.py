"""A partition that does not come on is seen, and ends its worker in the end."""

from __future__ import annotations

import asyncio
import time

import httpx
import pytest

from streams import liveness
from streams.health import Health
from streams.health_page import serve
from streams.liveness import Stuck, watch
from tests.free_ports import free_port


def held(seconds: float) -> Health:
    """A partition that has been held for so long."""
    return Health("count", "deposits", 3, phase="held", reason="no answer", moved_at=time.time() - seconds)


def test_the_age_counts_from_when_the_position_moved() -> None:
    health = Health("count", "deposits", 0, moved_at=time.time() - 100)
    assert health.age == pytest.approx(100, abs=5)
    health.end = 9
    health.applied(events=4, position=7, dead=0)
    assert health.age == pytest.approx(0, abs=5)
    health.moved_at -= 50
    health.applied(events=0, position=7, dead=0)
    assert health.age == pytest.approx(50, abs=5)


def test_who_has_nothing_to_apply_has_no_age() -> None:
    health = Health("count", "deposits", 0, end=9, moved_at=0)
    health.applied(events=2, position=9, dead=0)
    health.moved_at = 0
    assert health.age == 0
    health.held("no answer")
    assert health.age > 0


async def test_it_is_waited_for_and_then_the_worker_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liveness, "EVERY", 0.01)
    patient, failures = held(liveness.AT_MOST - 60), list[BaseException]()
    watching = asyncio.create_task(watch(lambda: [patient], failures.append))
    await asyncio.sleep(0.1)
    assert not watching.done()
    patient.moved_at -= 61
    await asyncio.wait_for(watching, 60)
    [failure] = failures
    assert isinstance(failure, Stuck)
    assert "count deposits/3 has not come on from 0" in str(failure)
    assert str(failure).endswith("no answer")


def test_the_page_says_so() -> None:
    port, partitions = free_port(), [held(1)]
    serve(port, lambda: partitions)
    page = httpx.get(f"http://127.0.0.1:{port}/healthz")
    assert (page.status_code, page.json()["partitions"][0]["reason"]) == (200, "no answer")
    partitions[0].moved_at = 0
    page = httpx.get(f"http://127.0.0.1:{port}/healthz")
    assert (page.status_code, len(page.json()["stuck"])) == (503, 1)
    metrics = httpx.get(f"http://127.0.0.1:{port}/metrics").text
    assert 'playlog_committed_age_seconds{partition="3",processor="count",topic="deposits"}' in metrics
