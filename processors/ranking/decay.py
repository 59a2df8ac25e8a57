"""Forward decay: sums in which what is older counts less, kept so that they never have to be touched as time goes by.

Each vote weighs e^(rate x t), t being seconds since a landmark that all share (2020 UTC), and a sum is kept as its
logarithm. Dividing by e^(rate x now) gives the decayed sum at any `now`, so sums compare as they stand. Cormode,
Shkapenyuk, Srivastava and Xu, "Forward Decay: A Practical Time Decay Model for Streaming Systems", ICDE 2009.
"""

from __future__ import annotations

import math

LANDMARK = 1_577_836_800_000  # 2020-01-01 UTC, ms since 1970; fixed for ever, as the sums in the log build on it
HOUR_RATE = math.log(2) / 3600  # a second; half-life of 1 h
DAY_RATE = math.log(2) / 86_400  # half-life of 24 h
NOTHING = -math.inf  # the logarithm of an empty sum


def weight(rate: float, at: int) -> float:
    """The logarithm of what one vote at `at` (ms since 1970) weighs."""
    return rate * (at - LANDMARK) / 1000


def plus(log: float, added: float) -> float:
    """The logarithm of the sum of two, each given by its logarithm; never overflows (log-sum-exp)."""
    low, high = sorted((log, added))
    return high if low == NOTHING else high + math.log1p(math.exp(low - high))


def value(rate: float, log: float, now: int) -> float:
    """The decayed sum at `now` (ms since 1970): a vote of this moment counts 1, one of a half-life ago a half."""
    return math.exp(log - weight(rate, now))
