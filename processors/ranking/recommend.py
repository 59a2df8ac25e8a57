"""The ranker: evidence in, a list with reasons out. The same evidence gives the same list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from processors.ranking.blend import Scored, blend
from processors.ranking.diversity import diversified
from processors.ranking.evidence import Evidence
from processors.ranking.similarity import About

MODEL = "blend-1"  # name and version: to be changed with anything that changes an answer


def recommend(
    evidence: Evidence, videos: Sequence[str], views: Mapping[str, int], about: Mapping[str, About], limit: int
) -> list[Scored]:
    """At most `limit` of `videos`, in the order to show them. `views` and `about` also of the seeds."""
    return diversified(blend(evidence, videos, views, about), about, limit)
