"""How good the item-to-item ranker is: leave-last-out on MovieLens 100k, beside plain popularity.

Each viewer's last watch is hidden; the ranker sees all other watches of all viewers, and is right where the hidden
video is among its first ten of all that the viewer has not watched. `make bench-recommending` takes a quarter of a
minute. Its last line is JSON.
"""

from __future__ import annotations

import json
import math
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gateway.recommending.shelves import POOL
from processors.ranking.evidence import Evidence, candidates
from processors.ranking.interest import disliked, interests
from processors.ranking.recommend import MODEL, recommend
from processors.recommending.pair_watches import PAIRED
from tests.bench.movielens import Watch, histories

TOP = 10
Ranker = Callable[[Sequence[Watch]], Sequence[str]]


@dataclass(frozen=True)
class Quality:
    """`hits`: share of viewers whose hidden video is in the list; `ndcg`: the same, worth more further up."""

    hits: float
    ndcg: float


def main() -> None:
    viewers = histories()
    known = {viewer: watches[:-1] for viewer, watches in viewers.items()}
    hidden = {viewer: watches[-1].video_id for viewer, watches in viewers.items()}
    begun = time.perf_counter()
    ours = quality(known, hidden, co_watch_ranker(known))
    milliseconds = (time.perf_counter() - begun) / len(viewers) * 1000
    popular = quality(known, hidden, popularity_ranker(known))
    print(f"{len(viewers)} viewers, one video of each hidden; {MODEL}: {milliseconds:.1f} ms a list")
    print(f"{'':12} HR@{TOP}  NDCG@{TOP}")
    for name, found in (("popularity", popular), ("co-watches", ours)):
        print(f"{name:12} {found.hits:.3f}  {found.ndcg:.3f}")
    figures = {"hr10": ours.hits, "ndcg10": ours.ndcg, "pop_hr10": popular.hits, "pop_ndcg10": popular.ndcg}
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}))


def quality(known: dict[str, list[Watch]], hidden: dict[str, str], ranker: Ranker) -> Quality:
    ranks = [_rank(hidden[viewer], ranker(watches)) for viewer, watches in known.items()]
    found = [rank for rank in ranks if rank is not None]
    return Quality(len(found) / len(ranks), sum(1 / math.log2(rank + 2) for rank in found) / len(ranks))


def _rank(video: str, listed: Sequence[str]) -> int | None:
    return listed.index(video) if video in listed[:TOP] else None


def popularity_ranker(known: dict[str, list[Watch]]) -> Ranker:
    """What most have watched, of what the viewer has not."""
    order = [video for video, _ in _views(known).most_common()]

    def ranked(watches: Sequence[Watch]) -> list[str]:
        seen = {watch.video_id for watch in watches}
        return [video for video in order if video not in seen][:TOP]

    return ranked


def co_watch_ranker(known: dict[str, list[Watch]]) -> Ranker:
    """The platform's ranker with no other source than co-watches: a viewer's videos, each with the 50 before it."""
    views, together = _views(known), defaultdict[str, Counter[str]](Counter)
    for watches in known.values():
        videos = [watch.video_id for watch in watches]
        for place, video in enumerate(videos):
            for other in videos[max(0, place - PAIRED) : place]:
                together[video][other] += 1
                together[other][video] += 1

    def ranked(watches: Sequence[Watch]) -> list[str]:
        stars = {watch.video_id: watch.stars for watch in watches}
        recent = [watch.video_id for watch in reversed(watches)]
        evidence = Evidence(interests(recent, stars), together, left_out={*recent, *disliked(stars)})
        return [one.video_id for one in recommend(evidence, candidates(evidence, POOL), views, {}, TOP)]

    return ranked


def _views(known: dict[str, list[Watch]]) -> Counter[str]:
    return Counter(watch.video_id for watches in known.values() for watch in watches)


if __name__ == "__main__":
    main()
