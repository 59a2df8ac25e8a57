"""How long the slowest had to wait."""

from __future__ import annotations

from collections.abc import Iterable


def percentile(values: Iterable[float], of_hundred: int) -> float:
    """The smallest value that so many of a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * of_hundred // 100)]
