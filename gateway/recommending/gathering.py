"""Read what recommendations are made from: a viewer's watches and stars, co-watches, what the videos are."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from gateway.finding.cards import Row, public_rows
from gateway.playback.counts import added, views_of_all
from gateway.reads import CO_WATCHES, RECENT_WATCHES, VIEWER_RATINGS
from gateway.recommending.alike import alike_texts
from gateway.services import Services
from processors.ranking.evidence import Evidence
from processors.ranking.interest import Seed, disliked
from processors.ranking.similarity import About
from streams.rows import Rows

WATCHES = 500  # a viewer's latest watches: these are left out
PARTNERS = 500  # of a video watched with more others, the newest of them


@dataclass(frozen=True)
class Viewer:
    """`watched`: video ids, the latest watch first. `stars` by video."""

    watched: Sequence[str] = ()
    stars: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True)
class Facts:
    """Of the videos asked for: the rows of those that anybody may find, and the views of all."""

    rows: Mapping[str, Row]
    views: Mapping[str, int]

    @property
    def about(self) -> dict[str, About]:
        return {video: about(row) for video, row in self.rows.items()}

    @property
    def titles(self) -> dict[str, str]:
        return {video: row.get("title") or "" for video, row in self.rows.items()}


async def viewer_known_as(rows: Rows, viewer_id: str) -> Viewer:
    """What is remembered of a viewer; of one never seen, nothing."""
    watches, rated = await asyncio.gather(
        rows.list(RECENT_WATCHES, limit=WATCHES, viewer_id=viewer_id), rows.get(VIEWER_RATINGS, viewer_id=viewer_id)
    )
    stars = (rated or {}).get("stars") or {}
    return Viewer([row["video_id"] for row in watches], {video: int(given) for video, given in stars.items()})


async def gathered(services: Services, seeds: Sequence[Seed], by_text: Sequence[Seed], viewer: Viewer) -> Evidence:
    """What is known for a list that starts from `seeds`; the words of `by_text` are compared.

    Nothing is recommended that the viewer has watched or rated down, nor a seed.
    """
    names = [seed.video_id for seed in seeds]
    together, texts, popular = await asyncio.gather(
        watched_together(services.rows, names),
        alike_texts(services, [seed.video_id for seed in by_text]),
        services.popular.shelf(),
    )
    left_out = {*names, *viewer.watched, *disliked(viewer.stars)}
    return Evidence(seeds, together, texts, popular.trending, popular.newest, left_out)


async def watched_together(rows: Rows, video_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """By video, the others and how many viewers watched both."""
    found = await asyncio.gather(*(rows.list(CO_WATCHES, limit=PARTNERS, video_id=video) for video in video_ids))
    return {
        video: added(partners, "with_video_id", "viewers") for video, partners in zip(video_ids, found, strict=True)
    }


async def facts_of(services: Services, video_ids: Iterable[str]) -> Facts:
    """What the videos are, and how often they were watched."""
    wanted = list(dict.fromkeys(video_ids))
    return Facts(*await asyncio.gather(public_rows(services, wanted), views_of_all(services, wanted)))


def about(row: Row) -> About:
    return About(frozenset(row.get("tags") or ()), row.get("category") or "", row.get("owner") or "")
