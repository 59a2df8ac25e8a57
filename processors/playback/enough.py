"""How long a session has to watch before it is a view, and how long it can go on."""

from __future__ import annotations

from streams.event import hours, seconds

A_VIEW = seconds(10)
SHARE_OF_A_SHORT_ONE = 0.3
REMEMBERED = hours(8)  # by the log's clock; the gateway takes beacons of a session for six hours, late ones too


def enough(duration_ms: int) -> int:
    """Milliseconds of media: ten seconds, or 30 % of a shorter video. 0 is a duration that is not known."""
    if duration_ms <= 0:
        return A_VIEW
    return min(A_VIEW, max(1, round(duration_ms * SHARE_OF_A_SHORT_ONE)))
