"""One score from several sources, and which of them said most: that is the reason shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from processors.ranking.evidence import Evidence
from processors.ranking.similarity import About, alike, together

Code = Literal["watched_together", "similar", "trending", "newest"]
WEIGHTS: dict[Code, float] = {"watched_together": 1.0, "similar": 0.3, "trending": 0.05, "newest": 0.01}
NOTHING = About()


@dataclass(frozen=True)
class Scored:
    """A video with its score (comparable within one list), why, and the seed that led to it."""

    video_id: str
    score: float
    code: Code
    because: str | None = None


@dataclass(frozen=True)
class Said:
    """What one source says of a video, weighted."""

    code: Code
    amount: float
    because: str | None = None


def blend(
    evidence: Evidence, videos: Iterable[str], views: Mapping[str, int], about: Mapping[str, About]
) -> list[Scored]:
    """Each of `videos` scored by the sum of what all sources say, best first.

    Co-watches and content speak once for each seed, by its weight; trending and newest by place, so faintly
    that they only fill up. `views`: by video, seeds included. What no source knows is left out.
    """
    places: dict[Code, Mapping[str, float]] = {
        "trending": _by_place(evidence.trending),
        "newest": _by_place(evidence.newest),
    }
    scored = [
        _scored(video, [*_from_seeds(evidence, video, views, about), *_from_places(places, video)]) for video in videos
    ]
    known = [video for video in scored if video is not None]
    return sorted(known, key=lambda video: (video.score, video.video_id), reverse=True)


def _from_seeds(evidence: Evidence, video: str, views: Mapping[str, int], about: Mapping[str, About]) -> Iterator[Said]:
    for seed in evidence.seeds:
        name = seed.video_id
        both = int(evidence.together.get(name, {}).get(video, 0))
        same = together(both, views.get(name, 0), views.get(video, 0))
        yield Said("watched_together", WEIGHTS["watched_together"] * seed.weight * same, name)
        text = evidence.texts.get(name, {}).get(video, 0.0)
        close = alike(about.get(name, NOTHING), about.get(video, NOTHING), text)
        yield Said("similar", WEIGHTS["similar"] * seed.weight * close, name)


def _from_places(places: Mapping[Code, Mapping[str, float]], video: str) -> Iterator[Said]:
    for code, strengths in places.items():
        yield Said(code, WEIGHTS[code] * strengths.get(video, 0.0))


def _scored(video: str, said: Sequence[Said]) -> Scored | None:
    most = max(said, key=lambda one: one.amount)
    if most.amount <= 0:
        return None
    return Scored(video, sum(one.amount for one in said), most.code, most.because)


def _by_place(videos: Sequence[str]) -> dict[str, float]:
    """1 for the first, falling evenly towards 0."""
    return {video: 1 - place / len(videos) for place, video in enumerate(videos)}
