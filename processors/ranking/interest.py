"""What a viewer is interested in: recent watches, weighted by recency and by the viewer's stars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

DECAY = 0.9  # of the weight, from one watched video to the one before
OF_STARS = {3: 0.5, 4: 1.25, 5: 1.5}  # unrated is 1
DISLIKED = 2  # this many stars or fewer: never recommended, and nothing is recommended because of it
LOVED = 4  # this many stars or more: of interest though not watched lately
MOST = 8  # videos that recommendations start from


@dataclass(frozen=True)
class Seed:
    """A video that recommendations start from; `weight` from 0 to 1.5, 1 for the latest watched, unrated."""

    video_id: str
    weight: float


def interests(recent: Iterable[str], stars: Mapping[str, int]) -> list[Seed]:
    """The last distinct watches, weighted, then loved videos beyond them; the heaviest `MOST`, heaviest first.

    `recent`: videos watched, the latest first; repeats count once, where they come first.
    """
    bad = disliked(stars)
    watched = [video for video in dict.fromkeys(recent) if video not in bad]
    loved = sorted((video for video, given in stars.items() if given >= LOVED), reverse=True)  # newest upload first
    order = dict.fromkeys((*watched[:MOST], *loved))
    seeds = [Seed(video, DECAY**place * OF_STARS.get(stars.get(video, 0), 1.0)) for place, video in enumerate(order)]
    return sorted(seeds, key=lambda seed: seed.weight, reverse=True)[:MOST]


def disliked(stars: Mapping[str, int]) -> set[str]:
    """Videos that the viewer has rated down."""
    return {video for video, given in stars.items() if given <= DISLIKED}
