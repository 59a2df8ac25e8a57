"""Let each viewer move the trends only so far: three votes a video within 24 hours.

In:      watches      (VideoWatched, WatchesForgotten, by viewer)
Out:     trend-votes  (TrendVoted, by video)
State:   the viewer's votes of the last two days, a thousand at most; dropped two days after the last watch
Replay:  safe: the first three in the log's order count, with the same ids
"""

from __future__ import annotations

import msgspec

from schemas.trend_votes import TrendVoted
from schemas.watches import VideoWatched, WatchesForgotten
from streams.event import days
from streams.processor import Moment, State, Step, fold

MOST = 3  # votes of one viewer for one video within 24 h
WITHIN = days(1)
KEPT = 2 * WITHIN  # what a watch as late as may be is compared with
MOST_KEPT = 1000  # nobody watches that much in two days: further watches do not vote


class Vote(msgspec.Struct, frozen=True, array_like=True):
    """A vote that was let through: for which video, and when (ms since 1970)."""

    video_id: str
    at: int


class Votes(State, frozen=True):
    """One viewer's votes, none older than two days before the newest."""

    cast: tuple[Vote, ...] = ()

    @property
    def newest(self) -> int:
        return max((vote.at for vote in self.cast), default=0)

    def near(self, video_id: str, at: int) -> int:
        """How many votes for the video lie within 24 h of `at`, before or after: watches come in any order."""
        return sum(1 for vote in self.cast if vote.video_id == video_id and abs(vote.at - at) < WITHIN)

    def plus(self, vote: Vote) -> Votes:
        """With the vote, without those that have grown too old to matter."""
        oldest = max(self.newest, vote.at) - KEPT
        return Votes(cast=(*(old for old in self.cast if old.at > oldest), vote))


@fold(reads=[VideoWatched, WatchesForgotten], emits=TrendVoted, forget_after=KEPT)
def cap_votes(votes: Votes, event: VideoWatched | WatchesForgotten, at: Moment) -> Step[Votes]:
    """A watch that is a day older than the viewer's newest does not vote: what it competes with is forgotten."""
    if isinstance(event, WatchesForgotten):
        return Step(None)
    watched = min(event.occurred_at, at.clock)  # nobody has watched before it was logged
    near = votes.near(event.video_id, watched)
    if near >= MOST or watched <= votes.newest - WITHIN:
        return Step(votes)
    cast = votes.plus(Vote(event.video_id, watched))
    if len(cast.cast) > MOST_KEPT:
        return Step(votes)
    return Step(cast, [TrendVoted(occurred_at=watched, video_id=event.video_id, first=near == 0)])
