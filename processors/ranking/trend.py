"""How a video trends: its scores, and who is on the list at a given time. Pure: the live list and a replay share it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from processors.ranking.decay import DAY_RATE, HOUR_RATE, value

Window = Literal["1h", "24h"]
DAY = 24 * 3600 * 1000
MOST_VIEWERS = 32  # so many times of distinct viewers are kept; a minimum of viewers can't be larger


@dataclass(frozen=True)
class Trend:
    """A video's scores as they stand in the log (`TrendScored`): logarithms by forward decay."""

    video_id: str
    hour_log: float
    day_log: float
    viewers_log: float
    viewers_at: tuple[int, ...]


@dataclass(frozen=True)
class Trending:
    """A video on the list: its decayed votes, and how many distinct viewers it had within 24 h."""

    video_id: str
    score: float
    viewers: int


def trending(trend: Trend, window: Window, now: int) -> Trending:
    """Score and viewers at `now` (ms since 1970)."""
    rate, log = (HOUR_RATE, trend.hour_log) if window == "1h" else (DAY_RATE, trend.day_log)
    return Trending(trend.video_id, value(rate, log, now), viewers(trend, now))


def viewers(trend: Trend, now: int) -> int:
    """Distinct viewers of the last 24 h; exact to 32, beyond that decayed with a half-life of 24 h."""
    counted = sum(1 for at in trend.viewers_at if at > now - DAY)
    return counted if counted < MOST_VIEWERS else max(counted, round(value(DAY_RATE, trend.viewers_log, now)))


def ranked(trends: Iterable[Trend], window: Window, now: int, least: int, limit: int) -> list[Trending]:
    """Best first, those with at least `least` distinct viewers within 24 h; of equals the smaller id comes first."""
    order = sorted(trends, key=lambda t: (-(t.hour_log if window == "1h" else t.day_log), t.video_id))
    shown = (trending(trend, window, now) for trend in order if viewers(trend, now) >= least)
    return [found for found, _ in zip(shown, range(limit), strict=False)]
