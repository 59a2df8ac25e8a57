"""A gateway and the processors of playback over the real servers, and films to watch."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import msgspec
import pytest
import pytest_asyncio

import deploy.recount
from deploy.assembly import TALLIES
from processors.accounts.link_account import link_account
from processors.library.show_video import show_video
from processors.playback.count_views import count_views
from processors.playback.list_watches import list_watches
from processors.playback.note_watch import note_watch
from processors.playback.recount import Counts
from schemas.videos import VideoDescribed, VideoPlayable, VideoProbed, Visibility
from streams.event import Event, made_at, natural_id
from streams.platform import Platform
from streams.settings import Settings
from tests.integration.gateway.conftest import OPTIONS, Rig, eventually, serving
from tests.integration.gateway.platforms import at_work, declared_for

PROCESSORS = (link_account, count_views, note_watch, list_watches, show_video, *TALLIES)
DURATION = 600_000


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def declared(servers: Settings, tmp_path_factory: pytest.TempPathFactory) -> Platform:
    return await declared_for("playback", servers, tmp_path_factory)


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def rig(declared: Platform) -> AsyncIterator[Rig]:
    options = replace(OPTIONS, after_wait=25)
    async with at_work(declared, PROCESSORS), serving(declared, options) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def nobody(rig: Rig) -> AsyncIterator[httpx.AsyncClient]:
    """A viewer who is not signed in."""
    async with rig.client(None) as client:
        yield client


async def film(rig: Rig, duration_ms: int = DURATION, visibility: Visibility = "public", playable: bool = True) -> str:
    """A video that can be watched; its id."""
    video = str(uuid.uuid4())
    example = msgspec.convert(rig.platform.catalogue.examples["VideoProbed"], VideoProbed)
    events: list[Event] = [
        VideoDescribed(video_id=video, owner="acct-somebody", title="Waves", visibility=visibility),
        msgspec.structs.replace(example, event_id=natural_id("probed", video), video_id=video, duration_ms=duration_ms),
    ]
    if playable:
        events.append(VideoPlayable(video_id=video, encode_id=natural_id("encode", video)))
    positions = await rig.services.log.post_all(events)

    async def shown() -> bool:
        applied = await rig.services.positions.applied("show_video", "videos")
        return all(applied.get(p.partition, -1) >= p.offset for p in positions)

    await eventually(shown)
    return video


@dataclass
class Player:
    """One viewing: makes beacons in order; sends what it is told to, how it is told to."""

    client: httpx.AsyncClient
    session_id: str
    token: str
    began: int
    made: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    @classmethod
    async def of(cls, client: httpx.AsyncClient, video: str, visitor: str | None = None) -> Player:
        answer = await client.post(f"/v1/videos/{video}/playback", json={"visitor": visitor} if visitor else {})
        assert answer.status_code == 201, answer.text
        begun = answer.json()
        return cls(client, begun["session_id"], begun["token"], made_at(begun["session_id"]))

    def watch(self, *advanced: int, **more: Any) -> list[dict[str, Any]]:
        """The next beacons, one for each stretch of media played."""
        for ms in advanced:
            position = sum(beacon["advanced_ms"] for beacon in self.made) + ms
            beacon = {
                "token": self.token, "sequence": len(self.made), "kind": "playing", "at": self.began + len(self.made),
                "position_ms": position, "advanced_ms": ms, "stalled_ms": 7, **more,
            }  # fmt: skip
            self.made.append(beacon)
        return self.made[-len(advanced) :]

    async def send(self, beacons: Sequence[object], **how: Any) -> httpx.Response:
        return await self.client.post("/v1/beacons", json=list(beacons), **how)

    async def tell(self, *advanced: int, **more: Any) -> dict[str, Any]:
        """Watch and send at once; the answer, all accepted."""
        answer = await self.send(self.watch(*advanced, **more))
        assert answer.status_code == 202, answer.text
        assert answer.json()["refused"] == []
        return answer.json()


async def analytics(client: httpx.AsyncClient, video: str, after: str = "") -> dict[str, Any]:
    answer = await client.get(f"/v1/videos/{video}/analytics", headers={"Playlog-After": after} if after else {})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def counted(rig: Rig, video: str) -> Counts:
    """What the log says, counted without the engine."""
    return await deploy.recount.counted(rig.platform, video)


async def settled(rig: Rig, client: httpx.AsyncClient, video: str, wanted: Counts) -> dict[str, Any]:
    """The numbers of a video once they are the wanted ones; fails with both where they do not become so."""
    found: dict[str, Any] = {}

    async def so() -> bool:
        nonlocal found
        found = await analytics(client, video)
        return said(found) == told(wanted)

    try:
        await eventually(so, 60)
    except pytest.fail.Exception:
        assert said(found) == told(wanted)
    await asyncio.sleep(0.5)  # what comes too much comes later
    assert said(await analytics(client, video)) == told(wanted)
    assert told(await counted(rig, video)) == told(wanted)
    return found


def said(numbers: dict[str, Any]) -> tuple[object, ...]:
    """An answer's numbers, as far as they are not zero."""
    return (
        numbers["views"], numbers["watched_ms"], numbers["stalled_ms"],
        {hour["at"]: hour["views"] for hour in numbers["hours"] if hour["views"]},
        {hour["at"]: hour["watched_ms"] for hour in numbers["hours"] if hour["watched_ms"]},
        {minute["at"]: minute["watched_ms"] for minute in numbers["minutes"] if minute["watched_ms"]},
    )  # fmt: skip


def told(counts: Counts) -> tuple[object, ...]:
    return (
        counts.views, counts.watched_ms, counts.stalled_ms, dict(counts.views_by_hour),
        {at: ms for at, ms in counts.watched_by_hour.items() if ms},
        {at: ms for at, ms in counts.watched_by_minute.items() if ms},
    )  # fmt: skip
