"""A forgotten viewer whose player goes on is forgotten again, once nothing more can come of it."""

from __future__ import annotations

from processors.accounts.forget_again import AGAIN_AFTER, forget_again
from processors.playback.list_watches import list_watches
from processors.playback.tables import RECENT_WATCHES
from processors.recommending.pair_watches import pair_watches
from processors.trending.cap_votes import cap_votes
from schemas.watches import VideoWatched, WatchesForgotten
from streams.event import days, hours, natural_id
from streams.harness import Topology, run

VIEWER = "acct-1"
FORGOTTEN = WatchesForgotten(viewer_id=VIEWER)


def watched(number: int, viewer: str = VIEWER) -> VideoWatched:
    video, session = natural_id("video", number), natural_id("session", number)
    return VideoWatched(viewer_id=viewer, video_id=video, session_id=session, occurred_at=number)


def told(topology: Topology) -> int:
    return sum(isinstance(event, WatchesForgotten) for event in topology.log("watches"))


def test_a_late_watch_of_a_forgotten_viewer_goes_too() -> None:
    topology = Topology([list_watches, pair_watches, cap_votes, forget_again])
    topology.post(watched(1))
    topology.post(watched(2, "acct-2"))
    topology.post(FORGOTTEN)
    topology.advance(hours(6))
    topology.post(watched(3))
    assert {row["viewer_id"] for row in topology.rows(RECENT_WATCHES)} == {VIEWER, "acct-2"}
    topology.advance(hours(2))
    assert {row["viewer_id"] for row in topology.rows(RECENT_WATCHES)} == {"acct-2"}
    assert [topology.state(of, VIEWER) for of in (pair_watches, cap_votes, forget_again)] == [None] * 3
    assert topology.state(pair_watches, "acct-2")


def test_the_second_time_is_the_last() -> None:
    topology = Topology([forget_again])
    topology.post(FORGOTTEN)
    topology.advance(AGAIN_AFTER - 1)
    assert told(topology) == 1
    topology.advance(1)
    assert told(topology) == 2
    topology.advance(days(30))
    assert told(topology) == 2


def test_cuts_and_restarts_change_nothing() -> None:
    log = [FORGOTTEN, hours(7), watched(1), hours(1), hours(9)]
    whole = run(forget_again, log)
    assert len(whole.emitted) == 1
    assert whole.states == {}
    for place in range(len(log) + 1):
        assert run(forget_again, log, cuts=[place]) == run(forget_again, log, restarts=[place]) == whole
