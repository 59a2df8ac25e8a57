"""What there is to watch, as far as a viewer's choice depends on it, and how often each is chosen. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

ZIPF = 0.8  # between 0.56 (Gill et al., IMC 2007: requests of a campus to YouTube) and 1 (Cha et al., IMC 2007)
LEAST_TASTE = 0.1  # of a video with none of a viewer's tags: chance brings people anywhere


@dataclass(frozen=True)
class Film:
    """A published video; `rank` 1 is the most popular of the simulation."""

    video_id: str
    title: str
    tags: tuple[str, ...]
    duration_ms: int
    rank: int

    @property
    def popularity(self) -> float:
        """Relative; by Zipf's law."""
        return self.rank**-ZIPF


def taste_of(tastes: Mapping[str, float], film: Film) -> float:
    """How much a viewer likes a film, `LEAST_TASTE` to 1: the best of its tags."""
    return max([LEAST_TASTE, *(tastes.get(tag, 0.0) for tag in film.tags)])


def choose(chance: Random, tastes: Mapping[str, float], films: Sequence[Film]) -> Film:
    """One film, by popularity times taste."""
    weights = [film.popularity * taste_of(tastes, film) for film in films]
    return chance.choices(films, weights)[0]


def tags_of(films: Sequence[Film]) -> list[str]:
    """All tags, in alphabetical order: the same films give the same viewers."""
    return sorted({tag for film in films for tag in film.tags})
