"""A catalogue to recommend from, and what viewers do with it; the processors between a watch and a recommendation."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx

from gateway.access.visitors import anonymous
from processors.playback.total_views import total_views
from processors.recommending.count_co_watches import count_co_watches
from processors.recommending.pair_watches import pair_watches
from schemas.videos import VideoDescribed, VideoPublished
from schemas.view_counts import ViewCounted
from schemas.watches import VideoWatched
from streams.event import Event, natural_id
from streams.platform import Platform
from tests.integration.gateway.conftest import Rig
from tests.integration.gateway.platforms import at_work

OWNER = "acct-owner"


def recommenders(platform: Platform) -> AbstractAsyncContextManager[None]:
    """At work until the block is left, beside the views that all tests of the gateway have."""
    return at_work(platform, (pair_watches, count_co_watches, total_views))


class Shelves:
    """What is posted, and what is answered."""

    def __init__(self, rig: Rig) -> None:
        self.rig, self.last = rig, dict[str, str]()

    @property
    def after(self) -> dict[str, str]:
        """For an answer that knows all that was posted, but for what follows from it."""
        return {"Playlog-After": ",".join(self.last.values())}

    async def post(self, *events: Event) -> None:
        for position in await self.rig.services.log.post_all(events):
            self.last[f"{position.topic}/{position.partition}"] = str(position)

    async def videos(self, number: int, **words: Any) -> list[str]:
        """So many public, published videos that have nothing in common but `words`."""
        made = [uuid7() for _ in range(number)]
        for video in made:
            await self.post(described(video, **words), published(video))
        return made

    async def watch(self, viewer: str, *videos: str) -> None:
        """Into the topics that playback writes."""
        await self.post(*(event for video in videos for event in watched(viewer, video)))

    async def watched_by_many(self, *videos: str, viewers: int = 3) -> None:
        for _ in range(viewers):
            await self.watch(f"anon-{uuid.uuid4().hex}", *videos)

    async def get(self, path: str, client: httpx.AsyncClient | None = None, **query: Any) -> dict[str, Any]:
        """The answer, which waits for what was posted."""
        async with self.rig.client(None) as nobody:
            answer = await (client or nobody).get(path, params=query, headers=self.after)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def next(self, video: str, client: httpx.AsyncClient | None = None, **query: Any) -> list[dict[str, Any]]:
        return (await self.get(f"/v1/videos/{video}/next", client, **query))["videos"]

    async def home(self, client: httpx.AsyncClient | None = None, **query: Any) -> list[dict[str, Any]]:
        return (await self.get("/v1/recommendations", client, **query))["videos"]

    def viewer(self, visitor: str) -> str:
        """The pseudonym of a visitor string."""
        return anonymous(visitor, self.rig.services.secrets.pseudonym)


def uuid7() -> str:
    """Of this moment, as the gateway makes them for videos and sessions (RFC 9562)."""
    at, chance = time.time_ns() // 1_000_000, uuid.uuid4().int
    return str(uuid.UUID(int=at << 80 | 7 << 76 | (chance >> 66 & 0xFFF) << 64 | 2 << 62 | chance & ((1 << 62) - 1)))


def described(video: str, **words: Any) -> VideoDescribed:
    given: dict[str, Any] = {"owner": OWNER, "title": video[::-1], "visibility": "public", **words}
    return VideoDescribed(video_id=video, **given)


def published(video: str) -> VideoPublished:
    return VideoPublished(video_id=video, encode_id=video, duration_ms=60_000, renditions=("360p",))


def watched(viewer: str, video: str) -> Iterable[Event]:
    session = uuid7()
    what: dict[str, Any] = {"viewer_id": viewer, "video_id": video, "session_id": session}
    return (
        VideoWatched(event_id=natural_id("watch", session), **what),
        ViewCounted(event_id=natural_id("view", session), **what),
    )


def ids(listed: Sequence[dict[str, Any]]) -> list[str]:
    return [video["video_id"] for video in listed]
