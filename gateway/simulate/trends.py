"""Trending scores as they must be, by the published formula. Pure.

Forward decay (Cormode et al., ICDE 2009): the log of the sum of e^(rate × seconds since 2020 UTC) over a video's
votes. A viewer's first three views of a video within 24 h vote. Which three come first is not known to a client that
sends late, so a score lies between that of the earliest and of the latest three: one point where there are no more.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gateway.simulate.truth import Watch

EPOCH = 1_577_836_800  # 2020-01-01 UTC, Unix seconds
HOUR, DAY = 3600, 86_400
VOTES = 3
SLACK = 1e-6  # of logs: sums of floats in another order


@dataclass(frozen=True)
class Range:
    """Where a score's log may lie."""

    low: float
    high: float

    def holds(self, log: float) -> bool:
        return self.low - SLACK <= log <= self.high + SLACK

    def after(self, log: float | None) -> Range:
        """With what was there before."""
        return self if log is None else Range(logs_sum([self.low, log]), logs_sum([self.high, log]))


@dataclass(frozen=True)
class Trend:
    """A video's three logs."""

    hour: Range
    day: Range
    viewers: Range


def trends(watches: Mapping[str, Iterable[Watch]]) -> dict[str, Trend]:
    """By video, from each viewer's views."""
    votes: defaultdict[str, list[list[int]]] = defaultdict(list)
    for some in watches.values():
        by_video: defaultdict[str, list[int]] = defaultdict(list)
        for watch in some:
            by_video[watch.video_id].append(watch.at)
        for video, times in by_video.items():
            votes[video].append(sorted(times))
    return {video: _trend(groups) for video, groups in votes.items()}


def _trend(groups: list[list[int]]) -> Trend:
    earliest = [at for group in groups for at in group[:VOTES]]
    latest = [at for group in groups for at in group[-VOTES:]]
    return Trend(
        Range(log_score(earliest, HOUR), log_score(latest, HOUR)),
        Range(log_score(earliest, DAY), log_score(latest, DAY)),
        Range(log_score([g[0] for g in groups], DAY), log_score([g[-1] for g in groups], DAY)),
    )


def log_score(times: Iterable[int], half_life: int) -> float:
    """Of votes at these times (ms since 1970); `half_life` in seconds."""
    return logs_sum([math.log(2) / half_life * (at / 1000 - EPOCH) for at in times])


def logs_sum(logs: list[float]) -> float:
    """The log of the sum of e^x; the greatest is taken out first, or nothing would fit a double."""
    top = max(logs)
    return top + math.log(sum(math.exp(one - top) for one in logs))
