"""A gateway and all folds, views and tallies over the real servers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from deploy.assembly import FOLDS, TALLIES, VIEWS
from streams.settings import Settings
from tests.integration.gateway.conftest import OPTIONS, Rig, serving
from tests.integration.gateway.platforms import at_work, declared_for


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def rig(servers: Settings, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    declared = await declared_for("accounts", servers, tmp_path_factory)
    options = replace(OPTIONS, settle_wait=25)
    async with at_work(declared, [*FOLDS, *VIEWS, *TALLIES]), serving(declared, options) as running:
        yield running
