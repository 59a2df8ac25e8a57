"""What is being watched now: GET /v1/trending."""

from __future__ import annotations

import time
from typing import Any

import msgspec

from gateway.finding import question
from gateway.finding.cards import Card, cards_of, filled
from gateway.finding.documents import ask, settled
from gateway.playback.sessions import require_room
from gateway.problems import FieldError, invalid
from gateway.route import Call, Reply
from processors.ranking.trend import Trend, Window, trending

MOST = 50
SPARE = 10  # asked for beyond the limit, in place of what has been hidden a moment ago


class TrendingQuery(msgspec.Struct, frozen=True):
    """`window`: the half-life of a view, an hour or a day."""

    window: Window = "24h"
    limit: int = 20


class TrendingVideo(Card, frozen=True, kw_only=True):
    """`score`: its views, each weighing half after every half-life; `viewers`: distinct ones of the last 24 h."""

    score: float
    viewers: int


class TrendingVideos(msgspec.Struct, frozen=True):
    """Best first, as of `at` (ms since 1970)."""

    videos: list[TrendingVideo]
    window: Window
    at: int


async def show_trending(call: Call, query: TrendingQuery) -> Reply[TrendingVideos]:
    """Public, published videos by their decayed views; one viewer counts three times a day and video at most.

    Only videos with a few distinct viewers within 24 h are shown (PLAYLOG_TRENDING_VIEWERS).
    """
    require_room(call, call.services.queries)
    if not 1 <= query.limit <= MOST:
        raise invalid([FieldError("limit", f"must be 1 to {MOST}")])
    services, now = call.services, int(time.time() * 1000)
    await settled(call)
    least = services.options.trending_viewers
    answer = await ask(services, question.trends(query.window, now, least, query.limit + SPARE))
    found = [trending(trend_of(hit), query.window, now) for hit in answer["hits"]["hits"]]
    cards = await cards_of(services, (trend.video_id for trend in found))
    shown = [
        filled(TrendingVideo, cards[trend.video_id], score=trend.score, viewers=trend.viewers)
        for trend in found
        if trend.video_id in cards
    ]
    return Reply(TrendingVideos(shown[: query.limit], query.window, now))


def trend_of(hit: dict[str, Any]) -> Trend:
    return msgspec.convert({"video_id": hit["_id"], **hit["_source"]}, Trend)
