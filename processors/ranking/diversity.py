"""A list that is not all of the same: maximal marginal relevance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from processors.ranking.blend import NOTHING, Scored
from processors.ranking.similarity import About, same_shelf

RELEVANCE = 0.8  # what relevance weighs; the rest is how new it is to the list


def diversified(scored: Sequence[Scored], about: Mapping[str, About], limit: int) -> list[Scored]:
    """At most `limit` of `scored`, each the best that adds most to those before it.

    Maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): RELEVANCE x score, as a share of the
    highest, less (1 - RELEVANCE) x the greatest likeness to what stands before it. The best always comes first.
    """
    if not scored:
        return []
    top = max(video.score for video in scored)
    rest = {video.video_id: video for video in scored}
    closest = dict.fromkeys(rest, 0.0)
    chosen: list[Scored] = []
    while rest and len(chosen) < limit:
        pick = max(rest.values(), key=lambda v: _gain(v, top, closest[v.video_id]))
        chosen.append(rest.pop(pick.video_id))
        described = about.get(pick.video_id, NOTHING)
        for video in rest:
            closest[video] = max(closest[video], same_shelf(described, about.get(video, NOTHING)))
    return chosen


def _gain(video: Scored, top: float, closest: float) -> float:
    return RELEVANCE * video.score / top - (1 - RELEVANCE) * closest
