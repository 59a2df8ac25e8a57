"""Score how a video trends: votes that decay with half-lives of an hour and a day.

In:      trend-votes  (TrendVoted, by video)
Out:     trends       (TrendScored, by video)
State:   logarithms of the decayed sums, and when the last distinct viewers came; kept as long as the video is
Replay:  safe: the votes' own times count, so their order changes no more than the last digits
"""

from __future__ import annotations

import heapq

from processors.ranking.decay import DAY_RATE, HOUR_RATE, NOTHING, plus, weight
from processors.ranking.trend import MOST_VIEWERS
from schemas.trend_votes import TrendVoted
from schemas.trends import TrendScored
from streams.processor import Moment, State, Step, fold


class Score(State, frozen=True):
    """Sums by forward decay (`processors/ranking/decay.py`); `viewers_at` newest first."""

    hour_log: float = NOTHING
    day_log: float = NOTHING
    viewers_log: float = NOTHING
    votes: int = 0
    viewers_at: tuple[int, ...] = ()

    def plus(self, at: int, first: bool) -> Score:
        """With a vote of the time `at` (ms since 1970)."""
        return Score(
            hour_log=plus(self.hour_log, weight(HOUR_RATE, at)),
            day_log=plus(self.day_log, weight(DAY_RATE, at)),
            viewers_log=plus(self.viewers_log, weight(DAY_RATE, at)) if first else self.viewers_log,
            votes=self.votes + 1,
            viewers_at=tuple(heapq.nlargest(MOST_VIEWERS, (*self.viewers_at, at))) if first else self.viewers_at,
        )


@fold(reads=TrendVoted, emits=TrendScored)
def score_trending(score: Score, voted: TrendVoted, at: Moment) -> Step[Score]:
    """The scores hold at all times, so they are told once a vote and never for time going by."""
    now = score.plus(min(voted.occurred_at, at.clock), voted.first)
    scored = TrendScored(
        video_id=voted.video_id, hour_log=now.hour_log, day_log=now.day_log, viewers_log=now.viewers_log,
        votes=now.votes, viewers_at=now.viewers_at,
    )  # fmt: skip
    return Step(now, [scored])
