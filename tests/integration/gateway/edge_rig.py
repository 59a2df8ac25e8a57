"""The real edge, as `playlog up` starts it, before a gateway of the tests."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from os import getpid
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from deploy.edge.hits import Hits, Line, lines, tally
from deploy.local import launcher
from deploy.local.configuration import Local
from deploy.local.edge import edge, request_log
from tests.free_ports import free_port
from tests.integration.gateway.conftest import Rig, eventually

MEDIA = "/media/{token}/{video_id}/{path}"


@dataclass(frozen=True)
class Front:
    """A running edge; `rig` is the gateway behind it."""

    local: Local
    rig: Rig
    address: str
    viewer: httpx.AsyncClient

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.viewer.get(path, headers=headers)

    async def gateway_requests(self) -> float:
        """How many requests for media the gateway has answered, by its own measure."""
        async with httpx.AsyncClient(timeout=60) as client:
            text = (await client.get(f"{self.rig.address}/metrics")).text
        return sum(
            sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == "playlog_gateway_requests_total" and sample.labels["route"] == MEDIA
        )

    def requests(self) -> list[Line]:
        return list(lines(request_log(self.local)))

    async def counted(self, requests: int) -> Hits:
        """The log's sums once it holds that many requests: it is flushed each second."""

        async def so() -> bool:
            return len(self.requests()) >= requests

        await eventually(so)
        return tally(self.requests())


@asynccontextmanager
async def fronting(rig: Rig, home: Path, port: int | None = None) -> AsyncIterator[Front]:
    """An edge of its own in `home`, with the gateway's secret; a run that can't have nginx fails."""
    environment = {
        "PLAYLOG_HOME": str(home), "PLAYLOG_PORT": str(urlsplit(rig.address).port),
        "PLAYLOG_EDGE_PORT": str(port or free_port()), "PLAYLOG_EDGE_CACHE": "64m",
    }  # fmt: skip
    local = Local.from_environment(environment)
    (home / "keys").mkdir(parents=True)
    (home / "keys" / "media-secret").write_text(rig.services.secrets.media)
    programs = edge(local)
    if not programs:
        pytest.fail("no nginx: install it (Debian: apt-get install nginx-light)")
    (program,) = programs
    program.prepare()
    bound = [sys.executable, "-I", "-S", launcher.__file__, f"{getpid()}:15", *program.command]
    process = await asyncio.create_subprocess_exec(*bound, env=program.environment, cwd=program.folder)
    try:
        await _ready(program.ready)
        address = f"http://{local.address('edge')}"
        async with httpx.AsyncClient(base_url=address, timeout=60) as viewer:
            yield Front(local, rig, address, viewer)
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), 60)


async def _ready(probe: Callable[[], None]) -> None:
    async def so() -> bool:
        try:
            await asyncio.to_thread(probe)
        except OSError:
            return False
        return True

    await eventually(so)
