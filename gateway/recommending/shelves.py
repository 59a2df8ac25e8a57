"""What to watch: GET /v1/recommendations, and after a video: GET /v1/videos/{video_id}/next."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated

import msgspec

from gateway.access.visitors import Visitor, viewer_of
from gateway.finding.cards import Card, card, filled
from gateway.measures import RECOMMENDED
from gateway.playback.sessions import require_room
from gateway.recommending.gathering import Facts, Viewer, facts_of, gathered, viewer_known_as
from gateway.recommending.reasons import Reason, reason
from gateway.route import Call, Reply
from gateway.videos.known import watchable
from processors.ranking.blend import Scored
from processors.ranking.evidence import Evidence, candidates
from processors.ranking.interest import Seed, interests
from processors.ranking.recommend import MODEL, recommend
from schemas.impressions import RecommendationsShown, Slot, Surface

PAGE, MOST = 12, 50
POOL, POOL_PER_SLOT = 40, 2  # videos that are ranked: at least, and for each one shown
BESIDE = 5  # recent watches that also speak when a video is to be followed …
BESIDE_WEIGHT = 0.25  # … and what they weigh beside it
TEXT_SEEDS = 3  # seeds whose words are compared


class ShelfQuery(msgspec.Struct, frozen=True):
    """`visitor`: what names a viewer who is not signed in, the same as for playback; without it nothing is personal."""

    visitor: Visitor | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST)] = PAGE


class RecommendedCard(Card, frozen=True, kw_only=True):
    """A video and why it is recommended."""

    reason: Reason


class Recommended(msgspec.Struct, frozen=True):
    """In the order to show them. `request_id` names the answer in the log of impressions."""

    request_id: str
    videos: list[RecommendedCard]


@dataclass(frozen=True)
class _Asked:
    """Who asks for which list."""

    viewer_id: str
    surface: Surface
    video_id: str | None = None
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def impression(self, listed: Sequence[Scored]) -> RecommendationsShown:
        """The ranker leaves nothing to chance, so what it shows it shows with certainty."""
        slots = [
            Slot(video_id=one.video_id, reason=one.code, because=one.because, score=one.score, propensity=1.0)
            for one in listed
        ]
        return RecommendationsShown(
            viewer_id=self.viewer_id, request_id=self.request_id, surface=self.surface, video_id=self.video_id,
            slots=tuple(slots), model=MODEL,
        )  # fmt: skip


async def recommend_videos(call: Call, query: ShelfQuery) -> Reply[Recommended]:
    """For a viewer: what is like recent watches and what they gave stars to, what trends, what is new. Each says why.

    What the viewer has watched, or rated two stars or fewer, is left out.
    """
    viewer_id, viewer = await _viewer(call, query)
    seeds = interests(viewer.watched, viewer.stars)
    evidence = await gathered(call.services, seeds, seeds[:TEXT_SEEDS], viewer)
    return await _answer(call, query, evidence, _Asked(viewer_id, "home"))


async def list_next(call: Call, query: ShelfQuery) -> Reply[Recommended]:
    """What to watch after a video: what its viewers watched too, what is like it, what trends. Each says why.

    What the viewer has watched, or rated two stars or fewer, is left out.
    """
    video = (await watchable(call)).video_id
    viewer_id, viewer = await _viewer(call, query)
    beside = [seed for seed in interests(viewer.watched, viewer.stars) if seed.video_id != video][:BESIDE]
    seeds = [Seed(video, 1.0), *(replace(seed, weight=seed.weight * BESIDE_WEIGHT) for seed in beside)]
    evidence = await gathered(call.services, seeds, seeds[:1], viewer)
    return await _answer(call, query, evidence, _Asked(viewer_id, "next", video))


async def _viewer(call: Call, query: ShelfQuery) -> tuple[str, Viewer]:
    """Raises a 429 problem: a list is a hundred reads, and what it shows is kept for ever."""
    require_room(call, call.services.lists)
    viewer_id = viewer_of(call, query.visitor)
    if call.known is None and query.visitor is None:
        return viewer_id, Viewer()
    return viewer_id, await viewer_known_as(call.services.rows, viewer_id)


async def _answer(call: Call, query: ShelfQuery, evidence: Evidence, asked: _Asked) -> Reply[Recommended]:
    pool = candidates(evidence, max(POOL, POOL_PER_SLOT * query.limit))
    facts = await facts_of(call.services, (*pool, *(seed.video_id for seed in evidence.seeds)))
    shown = [video for video in pool if video in facts.rows]
    listed = recommend(evidence, shown, facts.views, facts.about, query.limit)
    if call.request.method == "GET":  # an answer to HEAD is seen by nobody
        await call.services.impressions.shown(asked.impression(listed))
    return Reply(Recommended(asked.request_id, [_card(call, facts, one) for one in listed]))


def _card(call: Call, facts: Facts, scored: Scored) -> RecommendedCard:
    RECOMMENDED.labels(scored.code).inc()
    shown = card(call.services, facts.rows[scored.video_id], facts.views[scored.video_id])
    return filled(RecommendedCard, shown, reason=reason(scored, facts.titles))
