"""Each viewer counts once in a video's score, whatever they do and however their ratings are mixed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from processors.rating.score_video import score_video
from processors.rating.settle_rating import settle_rating
from processors.rating.tables import SCORES, VIEWER_RATINGS
from schemas.ratings import RatingsForgotten, RatingWithdrawn, VideoRated
from schemas.video_ratings import RatingChanged
from streams.event import Event
from streams.harness import Topology, run

VIDEO, OTHER = "0192f0c1-7a00-7c3e-8f2a-5b1f0c9d7e11", "0192f0c1-7a00-7c3e-8f2a-5b1f0c9d7e12"
VIDEOS = st.sampled_from([VIDEO, OTHER])
VIEWERS = st.sampled_from(["acct-ann", "acct-bob", "acct-cid", "acct-dora"])
IDS = st.one_of(st.just(""), st.sampled_from([f"d9b1f3a2-6c47-5e0b-9a8d-00000000000{n}" for n in range(6)]))
RATED = st.builds(VideoRated, event_id=IDS, viewer_id=VIEWERS, video_id=VIDEOS, stars=st.integers(1, 5))
WITHDRAWN = st.builds(RatingWithdrawn, event_id=IDS, viewer_id=VIEWERS, video_id=VIDEOS)
LOGS = st.lists(st.one_of(RATED, RATED, WITHDRAWN), max_size=40)
PLACES = st.sets(st.integers(0, 40))


def rated(viewer: str, stars: int, video: str = VIDEO, event_id: str = "") -> VideoRated:
    return VideoRated(event_id=event_id, viewer_id=viewer, video_id=video, stars=stars)


def changes(*events: Event) -> list[tuple[int | None, int | None]]:
    emitted = run(settle_rating, events).emitted
    return [(event.before, event.after) for event in emitted if isinstance(event, RatingChanged)]


def plain(log: Sequence[VideoRated | RatingWithdrawn]) -> dict[str, dict[str, int]]:
    """What each viewer gives each video at last; an event id counts once a viewer."""
    stars: dict[str, dict[str, int]] = {}
    seen: set[tuple[str, str]] = set()
    for event in log:
        if event.event_id and (event.viewer_id, event.event_id) in seen:
            continue
        seen.add((event.viewer_id, event.event_id))
        mine = stars.setdefault(event.viewer_id, {})
        mine.pop(event.video_id, None)
        if isinstance(event, VideoRated):
            mine[event.video_id] = event.stars
    return stars


def scores(stars: dict[str, dict[str, int]]) -> dict[str, tuple[int, int]]:
    given_to: dict[str, list[int]] = {}
    for mine in stars.values():
        for video, given_stars in mine.items():
            given_to.setdefault(video, []).append(given_stars)
    return {video: (len(them), sum(them)) for video, them in given_to.items()}


def shown(topology: Topology) -> dict[str, tuple[int, int]]:
    """The rows of scores; a video that nobody rates any more has a row of nothing."""
    rows = topology.rows(SCORES)
    return {row["video_id"]: (row["ratings"], row["stars"]) for row in rows if row["ratings"] or row["stars"]}


def test_a_rating_a_change_and_a_withdrawal_are_each_told_once() -> None:
    told = changes(rated("a", 4), rated("a", 4), rated("a", 2), RatingWithdrawn(viewer_id="a", video_id=VIDEO))
    assert told == [(None, 4), (4, 2), (2, None)]


def test_withdrawing_what_was_never_given_changes_nothing() -> None:
    assert changes(RatingWithdrawn(viewer_id="a", video_id=VIDEO)) == []


def test_a_rating_that_is_sent_again_late_does_not_undo_what_came_after_it() -> None:
    first = rated("a", 5, event_id="d9b1f3a2-6c47-5e0b-9a8d-000000000001")
    assert changes(first, rated("a", 1), first) == [(None, 5), (5, 1)]


def test_stars_that_can_not_be_given_are_put_aside_with_the_reason() -> None:
    outcome = run(settle_rating, [rated("a", 6), rated("b", 5)])
    assert [event.after for event in outcome.emitted if isinstance(event, RatingChanged)] == [5]
    assert b"1 to 5" in dict(outcome.dead[0].headers)["stack"]


def test_a_forgotten_viewer_leaves_no_row_and_the_score_stays() -> None:
    topology = Topology([settle_rating, score_video])
    for event in (rated("a", 4), rated("b", 2), RatingsForgotten(viewer_id="a")):
        topology.post(event)
    assert shown(topology) == {VIDEO: (2, 6)}
    assert topology.state(settle_rating, "a") is None
    assert [row["viewer_id"] for row in topology.rows(VIEWER_RATINGS)] == ["b"]


@settings(deadline=None, max_examples=200)
@given(LOGS)
def test_any_interleaving_of_many_viewers_is_the_plain_count(log: list[Any]) -> None:
    topology = Topology([settle_rating, score_video])
    for event in log:
        topology.post(event)
    truth = plain(log)
    assert shown(topology) == scores(truth)
    assert {row["viewer_id"]: row["stars"] for row in topology.rows(VIEWER_RATINGS) if row["stars"]} == {
        viewer: stars for viewer, stars in truth.items() if stars
    }


@settings(deadline=None, max_examples=100)
@given(LOGS, PLACES, PLACES)
def test_cuts_and_restarts_change_nothing(log: list[Any], cuts: set[int], restarts: set[int]) -> None:
    cut, whole = run(settle_rating, log, cuts=cuts, restarts=restarts), run(settle_rating, log)
    assert (cut.emitted, cut.states) == (whole.emitted, whole.states)
