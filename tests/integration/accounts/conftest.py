"""A gateway and all folds, views and tallies over the real servers."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from deploy.assembly import FOLDS, TALLIES, VIEWS, platform
from deploy.declare import declare
from streams.settings import Settings
from streams.worker import run
from tests.integration.gateway.conftest import OPTIONS, Rig, make_keys, serving


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def rig(servers: Settings, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    home = tmp_path_factory.mktemp("accounts")
    make_keys(home)
    settings = replace(servers, namespace=f"a{uuid.uuid4().hex[:8]}", home=str(home))
    await declare(settings, lambda _: None)
    stop, joined = asyncio.Event(), asyncio.Event()
    working = asyncio.create_task(run(platform(settings), [*FOLDS, *VIEWS, *TALLIES], stop, ready=joined.set))
    await asyncio.wait({asyncio.create_task(joined.wait()), working}, return_when=asyncio.FIRST_COMPLETED)
    async with serving(platform(settings), replace(OPTIONS, settle_wait=25)) as running:
        yield running
    stop.set()
    await working
