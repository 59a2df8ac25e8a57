"""What the gateway shows of videos, as numbers that can be compared with the truth."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from gateway.simulate.films import Film
from gateway.simulate.truth import Key
from gateway.simulate.wire import Json, Wire

LANES = 8
HOURS = 48
MEANS = "mean stars"
BY_HTTP = frozenset(
    {"views", "views by hour", "watched ms", "stalled ms", "watched ms by hour", "watched ms by minute"}
    | {"ratings", "views on the video", "ratings on the video"}
)


async def shown_numbers(wire: Wire, films: Sequence[Film]) -> dict[Key, int]:
    """By view and key, as in the truth; raises Refused."""
    gate = asyncio.Semaphore(LANES)

    async def one(film: Film) -> dict[Key, int]:
        async with gate:
            path = f"/v1/videos/{film.video_id}"
            analytics = await wire.get(path + "/analytics", hours=HOURS)
            return {**of_analytics(film.video_id, analytics), **of_video(film.video_id, await wire.get(path))}

    found = await asyncio.gather(*(one(film) for film in films))
    return {key: number for numbers in found for key, number in numbers.items() if number}


def of_analytics(video: str, answer: Json) -> dict[Key, int]:
    """The mean of the stars comes rounded, so in hundredths."""
    ratings = answer["ratings"]
    found: dict[Key, int] = {
        ("views", video): answer["views"],
        ("watched ms", video): answer["watched_ms"],
        ("stalled ms", video): answer["stalled_ms"],
        ("ratings", video): ratings["count"],
        (MEANS, video): round((ratings["mean"] or 0) * 100),
    }
    for hour in answer["hours"]:
        found["views by hour", video, str(hour["at"])] = hour["views"]
        found["watched ms by hour", video, str(hour["at"])] = hour["watched_ms"]
    for minute in answer["minutes"]:
        found["watched ms by minute", video, str(minute["at"])] = minute["watched_ms"]
    return found


def of_video(video: str, answer: Json) -> dict[Key, int]:
    return {("views on the video", video): answer["views"], ("ratings on the video", video): answer["rating"]["count"]}
