"""A gateway over the real servers with what makes videos findable, in a namespace of these tests."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest
import pytest_asyncio

from gateway.uploads.identity import uuid7
from processors.library.find_videos import find_videos
from processors.library.show_video import show_video
from processors.trending.cap_votes import cap_votes
from processors.trending.score_trending import score_trending
from schemas.videos import VideoDescribed, VideoPublished
from schemas.watches import VideoWatched
from streams.event import Event
from streams.platform import Platform
from streams.positions import Position
from streams.settings import Settings
from tests.integration.gateway.conftest import OPTIONS, Rig, serving
from tests.integration.gateway.platforms import at_work, declared_for

PROCESSORS = (show_video, find_videos, cap_votes, score_trending)
OWNER = "acct-" + "7" * 32


@dataclass
class Shelf:
    """Videos and what finds them. Every question waits for what was written: `written`, by partition."""

    rig: Rig
    client: httpx.AsyncClient
    written: dict[int, Position] = field(default_factory=dict[int, Position])

    async def put(self, title: str = "A film", age_ms: int = 0, duration_ms: int = 60_000, **words: Any) -> str:
        """A public, published video; its id."""
        video = uuid7(int(time.time() * 1000) - age_ms)
        await self.describe(video, title, **words)
        await self.post(VideoPublished(video_id=video, encode_id=video, duration_ms=duration_ms, renditions=("360p",)))
        return video

    async def describe(self, video: str, title: str, **words: Any) -> None:
        """Say what it is; it is `OWNER`'s unless words name another."""
        told: dict[str, Any] = {"owner": OWNER, **words}
        await self.post(VideoDescribed(video_id=video, title=title, **told))

    async def post(self, event: Event) -> None:
        position = await self.rig.services.log.post(event)
        self.written[position.partition] = position

    @property
    def after(self) -> dict[str, str]:
        """The header that waits for it."""
        return {"Playlog-After": ",".join(map(str, self.written.values()))} if self.written else {}

    async def watch(self, viewer: str, video: str, at: int | None = None) -> None:
        """A counted view of a session that began at `at` (ms; now unless given)."""
        began = int(time.time() * 1000) if at is None else at
        session = uuid7(began)
        watched = VideoWatched(viewer_id=viewer, video_id=video, session_id=session, occurred_at=began)
        await self.rig.services.log.post(watched)

    async def ask(self, path: str, **query: Any) -> dict[str, Any]:
        answer = await self.client.get(path, params=query, headers=self.after)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def found(self, q: str, **filters: Any) -> list[str]:
        return [video["video_id"] for video in (await self.ask("/v1/search", q=q, **filters))["videos"]]

    async def titles(self, q: str, **query: Any) -> list[str]:
        return [one["title"] for one in (await self.ask("/v1/suggest", q=q, **query))["titles"]]


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def finding(servers: Settings, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Platform]:
    """The platform, declared, with the processors of these tests at work."""
    declared = await declared_for("finding", servers, tmp_path_factory)
    async with at_work(declared, PROCESSORS):
        yield declared


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def gateway(finding: Platform) -> AsyncIterator[Rig]:
    async with serving(finding, replace(OPTIONS, trending_viewers=3)) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def shelf(gateway: Rig) -> AsyncIterator[Shelf]:
    """What this test puts on it stands beside what others have: its titles hold words of its own."""
    async with gateway.client(None) as client:
        yield Shelf(gateway, client)


@pytest.fixture
def word() -> str:
    """A word that no other test's videos have."""
    return "w" + "".join(chr(97 + int(digit, 16)) for digit in uuid.uuid4().hex[:12])
