"""A gateway over the real servers, with the folds, views and upload works that answer it, in one event loop."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from aiohttp import web

from deploy.assembly import VIEWS
from gateway.access.caller import Role
from gateway.app import application
from gateway.commands import development_token
from gateway.options import Options
from gateway.services import SERVICES, Services
from processors.accounts.link_account import link_account
from processors.rating.score_video import score_video
from processors.rating.settle_rating import settle_rating
from processors.storage.order_removal import order_removal
from processors.storage.remove_objects import remove_objects
from processors.storage.restore_source import restore_source
from processors.uploads.assemble_upload import assemble_upload
from processors.uploads.introduce_video import introduce_video
from processors.uploads.release_upload import release_upload
from processors.uploads.settle_upload import settle_upload
from streams.objects import Objects
from streams.platform import Platform
from streams.settings import Settings
from tests.integration.gateway.platforms import at_work, declared_for, taking_tasks

MIB = 1 << 20
PATIENCE = 90  # seconds; guards against a hang, never a measure
OPTIONS = Options(dev=True, put_max_bytes=MIB, open_uploads=1000, after_wait=25, settle_wait=25)
FOLDS = (settle_upload, introduce_video, link_account, settle_rating, score_video, order_removal)
WORKS = (assemble_upload, release_upload, remove_objects, restore_source)


@dataclass(frozen=True)
class Rig:
    """A running gateway; `services` are its own."""

    platform: Platform
    address: str
    services: Services

    def client(self, subject: str | None = "ann", role: Role = "creator") -> httpx.AsyncClient:
        """A client with a token of that subject, or with none."""
        home = Path(self.platform.settings.home)
        headers = {"Authorization": f"Bearer {development_token(home, role, subject)}"} if subject else {}
        return httpx.AsyncClient(base_url=self.address, headers=headers, timeout=60)

    async def started(self, client: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
        """The answer to an announced upload."""
        body = {"filename": "dawn.mp4", "size": 1000, "content_type": "video/mp4", "title": "Dawn", **more}
        answer = await client.post("/v1/uploads", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()


@asynccontextmanager
async def serving(platform: Platform, options: Options = OPTIONS) -> AsyncIterator[Rig]:
    """One more gateway of a platform that is declared already."""
    app = application(platform, options)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        yield Rig(platform, f"http://127.0.0.1:{port}", app[SERVICES])
    finally:
        await runner.cleanup()


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def declared(servers: Settings, tmp_path_factory: pytest.TempPathFactory) -> Platform:
    """The platform in a namespace of these tests."""
    return await declared_for("gateway", servers, tmp_path_factory)


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def workers(declared: Platform) -> AsyncIterator[None]:
    """The processors that answer what clients do with uploads and videos."""
    async with (
        Objects(declared.settings) as objects,
        at_work(declared, [*FOLDS, *VIEWS]),
        taking_tasks(declared, WORKS, {Objects: objects}),
    ):
        yield


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def rig(declared: Platform, workers: None) -> AsyncIterator[Rig]:
    async with serving(declared) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def ann(rig: Rig) -> AsyncIterator[httpx.AsyncClient]:
    """A creator whom no other test knows."""
    async with rig.client(f"ann-{uuid.uuid4()}") as client:
        yield client


@pytest_asyncio.fixture(loop_scope="session")
async def bob(rig: Rig) -> AsyncIterator[httpx.AsyncClient]:
    """Another creator."""
    async with rig.client(f"bob-{uuid.uuid4()}") as client:
        yield client


@pytest_asyncio.fixture(loop_scope="session")
async def nobody(rig: Rig) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without a token."""
    async with rig.client(None) as client:
        yield client


@pytest_asyncio.fixture(loop_scope="session")
async def store() -> AsyncIterator[httpx.AsyncClient]:
    """The client's way to the object store."""
    async with httpx.AsyncClient(timeout=60) as client:
        yield client


async def upload_is(client: httpx.AsyncClient, video: str, state: str) -> None:
    """Wait until the view of uploads shows this state: a call answers as soon as it has heard of it from the log."""

    async def so() -> bool:
        return (await client.get(f"/v1/uploads/{video}")).json().get("state") == state

    await eventually(so)


async def eventually(check: Callable[[], Awaitable[bool]], seconds: float = PATIENCE) -> None:
    """Ask until the answer is yes; views come after the log."""
    for _ in range(round(seconds * 10)):
        if await check():
            return
        await asyncio.sleep(0.1)
    pytest.fail(f"not within {seconds} s")
