"""Forward decay against the sum written out, with exact fractions of a second and any order."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.ranking.decay import DAY_RATE, HOUR_RATE, LANDMARK, NOTHING, plus, value, weight
from processors.ranking.trend import DAY, MOST_VIEWERS, Trend, ranked, viewers

NOW = 1_790_000_000_000
WEEK = 7 * DAY
ages = st.lists(st.integers(0, WEEK), min_size=1, max_size=60)


def total(rate: float, times: list[int]) -> float:
    log = NOTHING
    for at in times:
        log = plus(log, weight(rate, at))
    return log


def by_definition(half_life_s: int, times: list[int], now: int) -> float:
    """Each vote weighs a half for every half-life since."""
    return math.fsum(0.5 ** float(Fraction(now - at, 1000 * half_life_s)) for at in times)


@given(ages)
@settings(deadline=None)
def test_it_is_the_sum_of_votes_that_halve(given_ages: list[int]) -> None:
    times = [NOW - age for age in given_ages]
    for rate, half_life in ((HOUR_RATE, 3600), (DAY_RATE, 86_400)):
        expected = by_definition(half_life, times, NOW)
        assert value(rate, total(rate, times), NOW) == pytest.approx(expected, rel=1e-9)


@given(ages, st.randoms())
@settings(deadline=None)
def test_the_order_of_votes_changes_no_more_than_the_last_digits(given_ages: list[int], chance: random.Random) -> None:
    times = [NOW - age for age in given_ages]
    shuffled = list(times)
    chance.shuffle(shuffled)
    assert total(HOUR_RATE, times) == pytest.approx(total(HOUR_RATE, shuffled), rel=1e-14)


@given(st.lists(ages, min_size=2, max_size=6), st.integers(0, 100 * WEEK))
@settings(deadline=None)
def test_sums_compare_at_all_times_as_they_compare_now(videos: list[list[int]], later: int) -> None:
    logs = [total(DAY_RATE, [NOW - age for age in given_ages]) for given_ages in videos]
    at_once = sorted(range(len(logs)), key=logs.__getitem__)
    then = [value(DAY_RATE, log, NOW + later) for log in logs]
    assert [then[video] for video in at_once] == sorted(then)


def test_nothing_overflows_in_a_hundred_years_nor_before_the_landmark() -> None:
    year = 365 * DAY
    for at in (LANDMARK - 50 * year, LANDMARK, LANDMARK + 100 * year):
        log = total(HOUR_RATE, [at] * 1000)
        assert value(HOUR_RATE, log, at) == pytest.approx(1000, rel=1e-7)
    assert value(HOUR_RATE, total(HOUR_RATE, [LANDMARK]), LANDMARK + 100 * year) == 0
    assert value(HOUR_RATE, NOTHING, NOW) == 0
    assert plus(NOTHING, NOTHING) == NOTHING


def trend(video: str, times: list[int], first: list[int]) -> Trend:
    newest = tuple(sorted(first, reverse=True)[:MOST_VIEWERS])
    return Trend(video, total(HOUR_RATE, times), total(DAY_RATE, times), total(DAY_RATE, first), newest)


def test_viewers_are_those_of_a_day_and_exact_while_few() -> None:
    times = [NOW - hours * 3_600_000 for hours in (0, 1, 23, 24, 25, 48)]
    assert viewers(trend("v", times, times), NOW) == 3
    assert viewers(trend("v", [NOW] * MOST_VIEWERS, [NOW] * MOST_VIEWERS), NOW) == MOST_VIEWERS
    assert viewers(trend("v", [NOW] * 1000, [NOW] * 1000), NOW) == 1000
    assert viewers(trend("v", [NOW - DAY + 1] * 1000, [NOW - DAY + 1] * 1000), NOW) == 500


def test_the_list_is_in_the_order_of_scores_and_leaves_out_what_few_have_seen() -> None:
    big, old = [NOW - 1000] * 5, [NOW - 3 * 3_600_000] * 9
    trends = [trend("few", [NOW] * 9, [NOW] * 2), trend("b", big, big), trend("old", old, old), trend("a", big, big)]
    assert [one.video_id for one in ranked(trends, "1h", NOW, least=3, limit=9)] == ["a", "b", "old"]
    assert [one.video_id for one in ranked(trends, "24h", NOW, least=3, limit=2)] == ["old", "a"]
    assert [one.video_id for one in ranked(trends, "24h", NOW, least=2, limit=9)] == ["few", "old", "a", "b"]
