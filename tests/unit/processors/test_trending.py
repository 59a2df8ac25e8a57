"""Votes are capped by viewer, scored by video, and shown in the search document."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.library.find_videos import find_videos
from processors.library.found import FOUND
from processors.ranking.decay import DAY_RATE, HOUR_RATE, value
from processors.trending.cap_votes import MOST, MOST_KEPT, WITHIN, Votes, cap_votes
from processors.trending.score_trending import score_trending
from schemas.trend_votes import TrendVoted
from schemas.trends import TrendScored
from schemas.watches import VideoWatched, WatchesForgotten
from streams.event import Event, natural_id
from streams.harness import Topology, run

NOW = 1_790_000_000_000
HOUR = 3_600_000
SESSION = natural_id("session")


def video(name: object) -> str:
    return natural_id("video", name)


def watched(at: int, of: object = "v", viewer: str = "ann") -> VideoWatched:
    return VideoWatched(viewer_id=viewer, video_id=video(of), session_id=SESSION, occurred_at=at)


def votes(*events: Event | int, clock: int = NOW) -> list[tuple[int, bool]]:
    """What is let through: when, and whether by a viewer who is new."""
    emitted = run(cap_votes, events, clock=clock).emitted
    return [(vote.occurred_at, vote.first) for vote in emitted if isinstance(vote, TrendVoted)]


def test_three_votes_a_viewer_and_video_and_day() -> None:
    times = [NOW - n for n in range(5)]
    assert votes(*map(watched, times)) == [(times[0], True), (times[1], False), (times[2], False)]
    assert len(votes(*[watched(NOW, of=n) for n in range(5)])) == 5
    assert len(votes(*[watched(NOW, viewer=f"v{n}") for n in range(5)])) == 5


def test_a_day_later_the_viewer_votes_again_and_is_new_again() -> None:
    first, second = NOW - WITHIN - 1, NOW - 1
    assert votes(watched(first), watched(second), watched(NOW)) == [(first, True), (second, True), (NOW, False)]


def test_a_watch_of_the_future_is_one_of_now() -> None:
    assert votes(watched(NOW + 1000 * WITHIN), watched(NOW)) == [(NOW, True), (NOW, False)]


def test_a_watch_that_comes_a_day_late_does_not_vote() -> None:
    assert votes(watched(NOW), watched(NOW - WITHIN, of="w"), watched(NOW - WITHIN + 1, of="x")) == [
        (NOW, True),
        (NOW - WITHIN + 1, True),
    ]


def test_a_forgotten_viewer_is_a_stranger() -> None:
    before = [watched(NOW - n) for n in range(4)]
    outcome = run(cap_votes, [*before, WatchesForgotten(viewer_id="ann")], clock=NOW)
    assert outcome.states == {}
    assert len(votes(*before, WatchesForgotten(viewer_id="ann"), watched(NOW))) == 4


def test_what_is_remembered_has_a_bound_and_an_end() -> None:
    many = [watched(NOW + n, of=n) for n in range(MOST_KEPT + 50)]
    outcome = run(cap_votes, many, clock=NOW + MOST_KEPT + 50)
    state = outcome.states["ann"]
    assert isinstance(state, Votes)
    assert (len(state.cast), len(outcome.emitted)) == (MOST_KEPT, MOST_KEPT)
    assert run(cap_votes, [*many, 3 * WITHIN], clock=NOW).states == {}


watches = st.lists(
    st.tuples(st.integers(0, 4 * WITHIN), st.sampled_from("abc"), st.sampled_from(["ann", "bob"])), max_size=40
)


@given(watches)
@settings(deadline=None, max_examples=50)
def test_no_window_of_a_day_holds_more_than_three_whatever_the_order(given_watches: list[tuple[int, str, str]]) -> None:
    events = [watched(NOW - ago, of, viewer) for ago, of, viewer in given_watches]
    state = run(cap_votes, events, clock=NOW)
    for viewer in ("ann", "bob"):
        mine = [event for event in events if event.viewer_id == viewer]
        passed = [vote for vote in run(cap_votes, mine, clock=NOW).emitted if isinstance(vote, TrendVoted)]
        for name in "abc":
            times = [vote.occurred_at for vote in passed if vote.video_id == video(name)]
            firsts = [vote.occurred_at for vote in passed if vote.video_id == video(name) and vote.first]
            assert all(sum(at <= other < at + WITHIN for other in times) <= MOST for at in times)
            assert all(sum(at <= other < at + WITHIN for other in firsts) == 1 for at in firsts)
    assert all(len(kept.cast) <= 2 * MOST * 3 + MOST for kept in state.states.values() if isinstance(kept, Votes))


@given(watches, st.sets(st.integers(0, 40)), st.sets(st.integers(0, 40), max_size=3))
@settings(deadline=None, max_examples=50)
def test_cuts_and_restarts_change_nothing(
    given_watches: list[tuple[int, str, str]], cuts: set[int], restarts: set[int]
) -> None:
    events = [watched(NOW - ago, of, viewer) for ago, of, viewer in given_watches]
    assert run(cap_votes, events, clock=NOW, cuts=cuts, restarts=restarts) == run(cap_votes, events, clock=NOW)


@given(st.lists(st.tuples(st.integers(0, 9 * WITHIN), st.booleans()), min_size=1, max_size=60), st.randoms())
@settings(deadline=None, max_examples=50)
def test_a_score_does_not_depend_on_the_order_of_votes(
    given_votes: list[tuple[int, bool]], chance: random.Random
) -> None:
    events = [TrendVoted(video_id=video("v"), first=first, occurred_at=NOW - ago) for ago, first in given_votes]
    shuffled = list(events)
    chance.shuffle(shuffled)
    one, other = (last(run(score_trending, order, clock=NOW).emitted) for order in (events, shuffled))
    assert (one.votes, one.viewers_at) == (other.votes, other.viewers_at)
    assert one.hour_log == pytest.approx(other.hour_log, rel=1e-14)
    assert one.day_log == pytest.approx(other.day_log, rel=1e-14)
    assert value(HOUR_RATE, one.hour_log, NOW) == pytest.approx(sum(0.5 ** (ago / HOUR) for ago, _ in given_votes))
    assert value(DAY_RATE, one.day_log, NOW) == pytest.approx(sum(0.5 ** (ago / WITHIN) for ago, _ in given_votes))


def last(emitted: list[Event]) -> TrendScored:
    scored = emitted[-1]
    assert isinstance(scored, TrendScored)
    return scored


def test_from_watches_to_the_search_document() -> None:
    topology = Topology([cap_votes, score_trending, find_videos], clock=NOW)
    for viewer in ("ann", "bob"):
        for n in range(5):
            topology.post(watched(NOW - n, viewer=viewer))
    [document] = topology.rows(FOUND)
    assert document["video_id"] == video("v")
    assert document["popularity"] == (2 * MOST).bit_length()
    assert document["viewers_at"] == [NOW, NOW]
    assert value(HOUR_RATE, document["hour_log"], NOW) == pytest.approx(6, rel=1e-5)
    assert value(DAY_RATE, document["viewers_log"], NOW) == pytest.approx(2, rel=1e-6)
