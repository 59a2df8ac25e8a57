"""How often a failed task is tried, and how long a fold waits before it asks again."""

from __future__ import annotations

from streams.event import seconds

ATTEMPTS = 5


def pause(attempt: int) -> int:
    """Milliseconds to wait after the `attempt`-th failure: 2, 4, 8, 16 s."""
    return seconds(2**attempt)
