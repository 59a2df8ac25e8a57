"""The truth of a simulated day, against days small enough to count by hand."""

from __future__ import annotations

import math
import uuid

from gateway.simulate.confirmed import Confirmed, Session, Told
from gateway.simulate.guests import Guest
from gateway.simulate.trends import DAY, EPOCH, HOUR, Range, log_score, trends
from gateway.simulate.truth import HOUR_MS, numbers, watches
from gateway.simulate.watching import Seen

NOON = 1_767_225_600_000  # an hour's beginning


def session(name: str, viewer: str, video: str, at: int = NOON, duration_ms: int = 60_000) -> Session:
    number = int.from_bytes(name.encode(), "big")
    return Session(str(uuid.UUID(int=(at << 80) | (7 << 76) | number)), video, Guest(viewer, None), duration_ms)


def day(*told: tuple[Session, int, int]) -> Confirmed:
    """Beacons as session, sequence and how far it advanced."""
    confirmed = Confirmed()
    for one, sequence, advanced in told:
        at = one.began_at + 10_000 * sequence
        confirmed.told(one, [Told(at, Seen(sequence, "playing", 0, 0, advanced, stalled_ms=5))])
    return confirmed


ANN, BOB = session("a", "ann", "v1"), session("b", "bob", "v1")


def test_ten_seconds_are_a_view_and_less_are_not() -> None:
    found = numbers(day((ANN, 0, 6000), (ANN, 1, 4000), (BOB, 0, 9999)))
    assert found["views", "v1"] == found["views by hour", "v1", str(NOON)] == 1
    assert found["watched ms", "v1"] == 19_999


def test_a_repeat_counts_once() -> None:
    found = numbers(day((ANN, 0, 6000), (ANN, 0, 6000)))
    assert ("views", "v1") not in found
    assert found["watched ms", "v1"] == 6000


def test_of_a_short_video_thirty_percent_are_enough() -> None:
    found = numbers(day((session("s", "ann", "v2", duration_ms=20_000), 0, 6000)))
    assert found["views", "v2"] == 1


def test_minutes_and_hours_are_those_of_the_beacon() -> None:
    late = session("l", "ann", "v1", at=NOON + HOUR_MS - 5000)
    found = numbers(day((late, 0, 6000), (late, 1, 10_000)))
    assert found["watched ms by hour", "v1", str(NOON)] == 6000
    assert found["watched ms by hour", "v1", str(NOON + HOUR_MS)] == 10_000
    assert found["views by hour", "v1", str(NOON)] == 1


def test_the_last_rating_stands() -> None:
    confirmed = Confirmed()
    for viewer, stars in (("ann", 2), ("ann", 5), ("bob", 3), ("cat", 1), ("cat", None)):
        confirmed.rated(viewer, "v1", stars)
    found = numbers(confirmed)
    assert (found["ratings", "v1"], found["stars", "v1"]) == (2, 8)


def test_a_pair_counts_once_a_viewer_both_ways() -> None:
    sessions = [session("1", "ann", "v1"), session("2", "ann", "v2"), session("3", "ann", "v1")]
    found = numbers(day(*((one, 0, 10_000) for one in sessions)))
    assert found["co-watches", "v1", "v2"] == found["co-watches", "v2", "v1"] == 1


def test_histories_are_newest_first() -> None:
    found = watches(day((ANN, 0, 10_000), (session("2", "ann", "v2", at=NOON + 1), 0, 10_000)))
    assert [watch.video_id for watch in found["ann"]] == ["v2", "v1"]


def test_one_vote_scores_its_time() -> None:
    trend = trends(watches(day((ANN, 0, 10_000))))["v1"]
    seconds = NOON / 1000 - EPOCH
    assert math.isclose(trend.hour.low, math.log(2) / HOUR * seconds)
    assert math.isclose(trend.viewers.high, math.log(2) / DAY * seconds)


def test_two_votes_at_once_are_twice_as_much() -> None:
    trend = trends(watches(day((ANN, 0, 10_000), (BOB, 0, 10_000))))["v1"]
    assert math.isclose(trend.day.low - log_score([NOON], DAY), math.log(2))


def test_the_fourth_view_of_a_viewer_makes_the_score_uncertain_but_not_greater_than_three() -> None:
    hours = [session(str(n), "ann", "v1", at=NOON + n * HOUR_MS) for n in range(4)]
    trend = trends(watches(day(*((one, 0, 10_000) for one in hours))))["v1"]
    assert trend.hour.low < trend.hour.high
    assert trend.hour.holds(log_score([NOON, NOON + HOUR_MS, NOON + 3 * HOUR_MS], HOUR))
    assert not trend.hour.holds(log_score([NOON + n * HOUR_MS for n in range(4)], HOUR))


def test_what_was_there_before_is_added() -> None:
    before = log_score([NOON], HOUR)
    assert Range(before, before).after(before).holds(before + math.log(2))
