"""Who posts too fast waits; nobody else does, and memory is bounded."""

from __future__ import annotations

from gateway.playback.rates import Rate


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def rate(clock: Clock, most: int = 1000) -> Rate:
    return Rate(per_second=2, burst=10, most=most, clock=clock)


def test_a_burst_passes_and_what_follows_waits_its_turn() -> None:
    clock = Clock()
    of = rate(clock)
    assert [of.wait("a") for _ in range(10)] == [0] * 10
    assert of.wait("a") == 1
    clock.now += 0.5
    assert of.wait("a") == 0
    assert of.wait("a") == 1


def test_the_time_told_is_enough() -> None:
    clock = Clock()
    of = rate(clock)
    of.wait("a", 10)
    wait = of.wait("a", 7)
    assert wait == 4
    clock.now += wait
    assert of.wait("a", 7) == 0


def test_a_refusal_costs_nothing() -> None:
    clock = Clock()
    of = rate(clock)
    of.wait("a", 10)
    for _ in range(100):
        assert of.wait("a") > 0
    clock.now += 0.5
    assert of.wait("a") == 0


def test_a_flood_hurts_nobody_else() -> None:
    of = rate(Clock())
    while of.wait("flood") == 0:
        pass
    assert of.wait("other") == 0


def test_more_than_a_burst_at_once_passes_when_nothing_is_owed_and_is_paid_back() -> None:
    clock = Clock()
    of = rate(clock)
    assert of.wait("a", 30) == 0
    clock.now += 10
    assert of.wait("a") == 1
    clock.now += 1
    assert of.wait("a") == 0


def test_the_longest_unused_is_forgotten() -> None:
    of = rate(Clock(), most=2)
    of.wait("a", 10)
    of.wait("b", 10)
    assert of.wait("a") > 0
    of.wait("c", 10)
    assert len(of._empty_at) == 2
    assert of.wait("b") > 0
