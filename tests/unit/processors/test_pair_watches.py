"""Two videos of one viewer are a pair once, whatever comes twice and in whatever order."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from itertools import permutations
from typing import cast

from hypothesis import given, settings
from hypothesis import strategies as st

from processors.recommending.count_co_watches import count_co_watches
from processors.recommending.pair_watches import PAIRED, REMEMBERED, Watched, pair_watches
from processors.recommending.tables import CO_WATCHES
from schemas.co_watches import WatchedTogether
from schemas.watches import VideoWatched, WatchesForgotten
from streams.event import Event, days, natural_id
from streams.harness import Topology, run

VIDEOS = [str(uuid.UUID(int=number)) for number in range(600)]


def watched(video: int, viewer: str = "acct-1", again: int = 0) -> VideoWatched:
    session = natural_id("session", viewer, video, again)
    return VideoWatched(
        event_id=natural_id("watch", session), viewer_id=viewer, video_id=VIDEOS[video], session_id=session
    )


def pairs(*log: Event | int) -> list[WatchedTogether]:
    return cast("list[WatchedTogether]", run(pair_watches, log).emitted)


def told(emitted: list[WatchedTogether]) -> list[tuple[int, int]]:
    return [(VIDEOS.index(pair.video_id), VIDEOS.index(pair.with_video_id)) for pair in emitted]


def test_a_second_video_makes_a_pair_told_to_both() -> None:
    assert told(pairs(watched(1), watched(2))) == [(2, 1), (1, 2)]


def test_one_video_alone_is_no_pair_however_often() -> None:
    assert pairs(watched(1), watched(1), watched(1, again=1)) == []


def test_each_viewer_counts() -> None:
    log = [watched(video, viewer) for viewer in ("acct-1", "anon-2") for video in (1, 2)]
    assert Counter(told(pairs(*log))) == {(1, 2): 2, (2, 1): 2}


def test_a_new_video_is_paired_with_the_last_fifty() -> None:
    before = [watched(video) for video in range(60)]
    last = told(pairs(*before, watched(99)))[-2 * PAIRED :]
    assert {beside for video, beside in last if video == 99} == set(range(10, 60))


def test_a_video_watched_again_is_among_the_last() -> None:
    before = [watched(video) for video in range(60)]
    last = told(pairs(*before, watched(0, again=1), watched(99)))[-2 * PAIRED :]
    assert {beside for video, beside in last if video == 99} == {0, *range(11, 60)}


def test_memory_is_bounded() -> None:
    outcome = run(pair_watches, [watched(video) for video in range(REMEMBERED + 20)])
    (state,) = outcome.states.values()
    assert isinstance(state, Watched)
    assert state.videos == tuple(VIDEOS[20 : REMEMBERED + 20])


def test_a_forgotten_viewer_is_forgotten() -> None:
    forgotten = WatchesForgotten(viewer_id="acct-1")
    assert run(pair_watches, [watched(1), forgotten]).states == {}
    assert pairs(watched(1), forgotten, watched(2)) == []
    assert pairs(forgotten) == []


def test_a_viewer_who_does_not_come_back_for_a_year_is_dropped() -> None:
    assert pairs(watched(1), days(366), watched(2)) == []


def test_ids_are_the_same_in_any_order() -> None:
    ids = {frozenset(pair.event_id for pair in pairs(*map(watched, order))) for order in permutations((1, 2, 3))}
    assert len(ids) == 1
    assert len(next(iter(ids))) == 6


VIEWERS = st.sampled_from(["acct-1", "acct-2", "anon-3"])
WATCHES = st.lists(st.tuples(VIEWERS, st.integers(0, 12), st.integers(0, 1)), max_size=60)
PLACES = st.sets(st.integers(0, 60))


@settings(deadline=None)
@given(WATCHES, st.randoms(use_true_random=False), PLACES, PLACES)
def test_the_counts_are_those_of_sets(
    watches: list[tuple[str, int, int]], chance: random.Random, cuts: set[int], restarts: set[int]
) -> None:
    log = [watched(video, viewer, again) for viewer, video, again in watches]
    log += chance.sample(log, len(log) // 2)  # repeats
    chance.shuffle(log)
    emitted = cast("list[WatchedTogether]", run(pair_watches, log, cuts=cuts, restarts=restarts).emitted)
    seen = {viewer: {video for who, video, _ in watches if who == viewer} for viewer, _, _ in watches}
    truth = Counter((one, other) for videos in seen.values() for one, other in permutations(videos, 2))
    assert Counter(told(emitted)) == truth
    assert len({pair.event_id for pair in emitted}) == len(emitted)


@settings(deadline=None, max_examples=25)
@given(WATCHES)
def test_the_rows_are_those_counts(watches: list[tuple[str, int, int]]) -> None:
    topology = Topology([pair_watches, count_co_watches])
    for viewer, video, again in watches:
        topology.post(watched(video, viewer, again))
    seen = {viewer: {video for who, video, _ in watches if who == viewer} for viewer, _, _ in watches}
    truth = Counter((one, other) for videos in seen.values() for one, other in permutations(videos, 2))
    rows = topology.rows(CO_WATCHES)
    assert {(row["video_id"], row["with_video_id"]): row["viewers"] for row in rows} == {
        (VIDEOS[one], VIDEOS[other]): viewers for (one, other), viewers in truth.items()
    }


@settings(deadline=None)
@given(st.lists(st.integers(0, 130), max_size=300))
def test_a_pair_counts_once_beyond_the_window_too(videos: list[int]) -> None:
    counts = Counter(told(pairs(*(watched(video, again=n) for n, video in enumerate(videos)))))
    assert set(counts.values()) <= {1}
    assert all(counts[other, one] == number for (one, other), number in counts.items())
