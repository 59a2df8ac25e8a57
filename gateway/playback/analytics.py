"""The numbers of one video: GET /v1/videos/{video_id}/analytics."""

from __future__ import annotations

import asyncio
import time

import msgspec

from gateway.playback.counts import views_by_hour, views_of, watched, watched_by_hour, watched_by_minute
from gateway.playback.sessions import require_room
from gateway.problems import FieldError, invalid
from gateway.ratings.scores import Score, score_in
from gateway.reads import SCORES
from gateway.route import Call, Reply
from gateway.services import Services
from gateway.videos.known import watchable
from streams.event import hours, minutes

MOST_HOURS = 31 * 24
MINUTES = 60


class AnalyticsQuery(msgspec.Struct, frozen=True):
    """`hours`: how many to list, the running one included."""

    hours: int = 24


class Hour(msgspec.Struct, frozen=True):
    """`at`: its beginning, ms since 1970 UTC. A view belongs to the hour in which its session began."""

    at: int
    views: int
    watched_ms: int


class Minute(msgspec.Struct, frozen=True):
    """`at`: its beginning, ms since 1970 UTC."""

    at: int
    watched_ms: int


class Analytics(msgspec.Struct, frozen=True):
    """`views`, `watched_ms`, `stalled_ms` and `ratings` are of all time. Hours and minutes: all, oldest first."""

    video_id: str
    views: int
    watched_ms: int
    stalled_ms: int
    ratings: Score
    hours: list[Hour]
    minutes: list[Minute]


async def show_analytics(call: Call, query: AnalyticsQuery) -> Reply[Analytics]:
    """How often, how long and when a video was watched, to whoever may see it. At most a quarter of a second old."""
    require_room(call, call.services.queries)
    if not 1 <= query.hours <= MOST_HOURS:
        raise invalid([FieldError("hours", f"must be 1 to {MOST_HOURS}")])
    services, key = call.services, ((await watchable(call)).video_id, query.hours)
    read = services.numbers.anew if "Playlog-After" in call.request.headers else services.numbers.of
    return Reply(await read(key, lambda: numbers_of(services, *key)))


async def numbers_of(services: Services, video_id: str, count: int) -> Analytics:
    """The numbers as the tables have them, with the last `count` hours."""
    now = time.time_ns() // 1_000_000
    by_hour, by_minute = buckets(now, hours(1), count), buckets(now, minutes(1), MINUTES)
    views, total, score, viewed, hourly, minutely = await asyncio.gather(
        views_of(services, video_id),
        watched(services, video_id),
        services.rows.get(SCORES, video_id=video_id),
        views_by_hour(services, video_id, by_hour[0]),
        watched_by_hour(services, video_id, by_hour[0]),
        watched_by_minute(services, video_id, by_minute[0], now),
    )
    return Analytics(
        video_id,
        views,
        total["watched_ms"],
        total["stalled_ms"],
        score_in(score),
        [Hour(at, viewed.get(at, 0), hourly.get(at, 0)) for at in by_hour],
        [Minute(at, minutely.get(at, 0)) for at in by_minute],
    )


def buckets(now: int, length: int, count: int) -> list[int]:
    """The beginnings of the last `count` stretches of `length` ms, the running one last."""
    last = now // length * length
    return [last - back * length for back in reversed(range(count))]
