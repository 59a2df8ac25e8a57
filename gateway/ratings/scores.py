"""What viewers make of a video: its score, and one viewer's own stars. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

Row = Mapping[str, Any]


class Score(msgspec.Struct, frozen=True):
    """How many viewers rate the video; `mean` of their stars, null where nobody does."""

    count: int = 0
    mean: float | None = None


def score_in(row: Row | None) -> Score:
    """From a video's row of `scores`."""
    count, stars = (row or {}).get("ratings") or 0, (row or {}).get("stars") or 0
    return Score(count, round(stars / count, 3)) if count else Score()


def stars_in(row: Row | None, video_id: str) -> int | None:
    """What the viewer of a row of `viewer_ratings` gives a video; None for nothing."""
    return ((row or {}).get("stars") or {}).get(video_id)
