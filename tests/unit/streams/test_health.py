"""What a partition says of itself, and how long it waits for what is down."""

from __future__ import annotations

from streams.failures import PAUSES, Backoff
from streams.health import Health
from streams.metrics import HealthCollector


def test_pauses_grow_until_something_works() -> None:
    backoff = Backoff()
    assert [backoff.pause(again) for again in (False, True, True)] == list(PAUSES[:3])
    assert backoff.pause(again=False) == PAUSES[0]
    assert [backoff.pause(again=True) for _ in range(20)][-1] == PAUSES[-1]


def test_lag_is_what_is_not_applied() -> None:
    health = Health("count", "deposits", 0)
    health.end = 9
    health.applied(events=4, position=7, dead=1)
    assert (health.lag, health.events, health.dead_letters, health.phase) == (2, 4, 1, "running")


def test_a_held_partition_says_why_until_it_runs() -> None:
    health = Health("count", "deposits", 0)
    health.held("no answer")
    assert (health.phase, health.reason) == ("held", "no answer")
    health.applied(events=0, position=0, dead=0)
    assert (health.phase, health.reason) == ("running", "")


def test_prometheus_sees_each_partition() -> None:
    health = Health("count", "deposits", 3, end=5, position=2)
    lag = next(family for family in HealthCollector(lambda: [health]).collect() if family.name == "playlog_lag")
    [sample] = lag.samples
    assert (sample.labels, sample.value) == ({"processor": "count", "topic": "deposits", "partition": "3"}, 3.0)
