"""Videos to watch: those that are there, or some without pictures that an operator's events make known.

What is made here can be found, watched as far as beacons go, rated and recommended, but not played: there is no
media behind it. It is for tests and benches, and deleted at the end.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from random import Random
from string import ascii_lowercase
from typing import Any

from gateway.client.gateway import Refused
from gateway.simulate.films import Film
from gateway.simulate.wire import Json, Wire
from gateway.uploads.identity import video_id

TAGS = "sea music history cooking space trains gardens chess football animals drawing mountains".split()
MOODS = "quiet early golden hidden distant patient broken northern little endless sudden gentle".split()
THINGS = "harbour morning lesson journey workshop evening story season kitchen orbit river island".split()
SHORTEST_S, LONGEST_S = 20, 150
MOST_FOUND = 50
SHOWN_WITHIN = 90.0  # seconds
UNKNOWN = (401, 403, 404)  # not there yet, or not described as public yet
OWNER = "acct-" + "5" * 32


def invented(count: int, seed: int) -> list[Film]:
    """Films that no one has made; the first is the most popular."""
    chance = Random(f"{seed} films")
    return [_invented(chance, rank) for rank in range(1, count + 1)]


def _invented(chance: Random, rank: int) -> Film:
    tags = chance.sample(TAGS, 2)
    title = f"{chance.choice(MOODS)} {chance.choice(THINGS)} of {tags[0]} {rank}".capitalize()
    return Film(video_id(OWNER, None), title, tuple(tags), chance.randint(SHORTEST_S, LONGEST_S) * 1000, rank)


def unalike(count: int, seed: int) -> list[Film]:
    """Films that have no word in common, of a length that can be probed."""
    chance = Random(f"{seed} unalike")
    words = [["".join(chance.choices(ascii_lowercase, k=10)) for _ in range(3)] for _ in range(count)]
    return [Film(video_id(OWNER, None), f"{a} {b}", (c,), 120_000, rank) for rank, (a, b, c) in enumerate(words, 1)]


async def publish(wire: Wire, operator: str, films: Sequence[Film]) -> None:
    """Make them known as published and public, and wait for it. Raises Refused for a token that is no operator's."""
    for film in films:
        await wire.call("POST", "/v1/events/videos", _announcement(film), bearer=operator)
    async with asyncio.timeout(SHOWN_WITHIN):
        for film in films:
            await _until_playable(wire, film)


async def _until_playable(wire: Wire, film: Film) -> None:
    while True:
        try:
            if (await wire.get(f"/v1/videos/{film.video_id}"))["playable"]:
                return
        except Refused as refusal:
            if refusal.status not in UNKNOWN:
                raise
        await asyncio.sleep(0.1)


async def delete(wire: Wire, operator: str, films: Iterable[Film]) -> None:
    """Take them back, as far as they were made known."""
    for film in films:
        try:
            await wire.call("DELETE", f"/v1/videos/{film.video_id}", bearer=operator)
        except Refused as refusal:
            if refusal.status not in UNKNOWN:
                raise


async def known(wire: Wire, video_ids: Sequence[str]) -> list[Film]:
    """The videos of these ids, the first as the most popular; raises Refused for one that can't be seen."""
    shown = [await wire.get(f"/v1/videos/{one}") for one in video_ids]
    return [film(video, rank) for rank, video in enumerate(shown, 1)]


async def found(wire: Wire) -> list[Film]:
    """What a stranger is recommended: what trends and what is new. Raises Refused where there is nothing."""
    shelf = await wire.get("/v1/recommendations", limit=MOST_FOUND)
    if not shelf["videos"]:
        raise Refused(404, "no-videos", "There is nothing to watch.", "Upload something, or give --publish 20.")
    return await known(wire, [video["video_id"] for video in shelf["videos"]])


def film(video: Json, rank: int) -> Film:
    """As the interface tells of it."""
    return Film(video["video_id"], video["title"], tuple(video.get("tags") or ()), video["duration_ms"] or 0, rank)


def _announcement(film: Film) -> list[dict[str, Any]]:
    """What the library knows of a published video, in the log's order."""
    encode = {"encode_id": video_id(OWNER, None)}
    described = {
        "owner": OWNER, "title": film.title, "description": film.title, "tags": film.tags,
        "category": film.tags[0], "language": "en", "visibility": "public",
    }  # fmt: skip
    published = {"duration_ms": film.duration_ms, "renditions": ["720p", "360p"]}
    told = {"VideoDescribed": described, "VideoPlayable": encode, "VideoPublished": {**encode, **published}}
    now = time.time_ns() // 1_000_000
    return [
        {"type": name, "event_id": video_id(OWNER, None), "occurred_at": now, "video_id": film.video_id, **fields}
        for name, fields in told.items()
    ]
