"""What a list of recommendations is made from, and which videos it may choose from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from processors.ranking.interest import Seed

By = Mapping[str, Mapping[str, float]]  # seed to video to number


@dataclass(frozen=True)
class Evidence:
    """All that is known when a list is asked for. Videos are named by id.

    `together`: by seed, viewers who watched both. `texts`: by seed, how alike the words are, 0 to 1.
    `trending` and `newest`: the best first. `left_out`: what must not be in the list.
    """

    seeds: Sequence[Seed] = ()
    together: By = field(default_factory=dict[str, Mapping[str, float]])
    texts: By = field(default_factory=dict[str, Mapping[str, float]])
    trending: Sequence[str] = ()
    newest: Sequence[str] = ()
    left_out: Collection[str] = ()


def candidates(evidence: Evidence, most: int) -> list[str]:
    """At most `most` videos worth ranking: the best of each source in turns, so that none crowds out the others."""
    sources = [best(by.get(seed.video_id, {})) for seed in evidence.seeds for by in (evidence.together, evidence.texts)]
    turns = zip_longest(*sources, evidence.trending, evidence.newest)
    left_out = {*evidence.left_out}
    return list(_first(dict.fromkeys(v for turn in turns for v in turn if v and v not in left_out), most))


def best(scores: Mapping[str, float]) -> list[str]:
    """Videos by falling score; of equal ones the newer (their ids are UUIDv7s)."""
    return sorted(scores, key=lambda video: (scores[video], video), reverse=True)


def _first(videos: Iterable[str], most: int) -> Iterator[str]:
    return (video for _, video in zip(range(most), videos, strict=False))
