"""A server that is away: 503 with Retry-After, no hang, and all well again when it is back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from urllib.parse import urlsplit

import httpx
import pytest

from gateway.options import Options
from tests.integration.gateway.conftest import MIB, OPTIONS, Rig, eventually, serving

pytestmark = pytest.mark.asyncio(loop_scope="session")
QUICK: Options = replace(OPTIONS, after_wait=0.5)


class Wire:
    """A TCP connection between the gateway and a server, which can be cut."""

    def __init__(self, host: str, port: int) -> None:
        self._target, self._open, self.up = (host, port), set[asyncio.StreamWriter](), True

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.up:
            writer.close()
            return
        there, here = await asyncio.open_connection(*self._target)
        self._open |= {writer, here}
        if not self.up:  # cut while it connected
            self.cut()
        await asyncio.gather(self._pump(reader, here), self._pump(there, writer))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while piece := await reader.read(65536):
                writer.write(piece)
                await writer.drain()
        except OSError:
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    def cut(self) -> None:
        self.up = False
        for writer in tuple(self._open):
            writer.transport.abort()


@asynccontextmanager
async def wired(address: str) -> AsyncIterator[tuple[Wire, str]]:
    """A wire to `address` (host:port), and the address of its near end."""
    host, _, port = address.rpartition(":")
    wire = Wire(host, int(port))
    server = await asyncio.start_server(wire, "127.0.0.1", 0)
    try:
        yield wire, f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        wire.cut()
        server.close()


def is_outage(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable"), answer.text
    assert int(answer.headers["Retry-After"]) > 0


async def test_without_the_store_no_large_upload_begins_and_none_is_lost(rig: Rig, ann: httpx.AsyncClient) -> None:
    settings = rig.platform.settings
    async with wired(urlsplit(settings.s3).netloc) as (wire, address):
        platform = replace(rig.platform, settings=replace(settings, s3=f"http://{address}", s3_public=settings.s3))
        async with serving(platform, QUICK) as gateway:
            ann.base_url = httpx.URL(gateway.address)
            before = await rig.started(ann, size=9 * MIB)
            wire.cut()
            body = {"filename": "a.mp4", "size": 9 * MIB, "content_type": "video/mp4"}
            is_outage(await ann.post("/v1/uploads", json=body))
            is_outage(await ann.get(f"/v1/uploads/{before['video_id']}"))
            is_outage(await ann.post(f"/v1/uploads/{before['video_id']}/complete", json={}))
            small = await ann.post("/v1/uploads", json={**body, "size": 5})
            assert small.status_code == 201
            not_ready = await ann.get("/readyz")
            assert not_ready.status_code == 503
            assert "s3" in not_ready.json()["detail"]
            assert (await ann.get("/healthz")).status_code == 200
            wire.up = True
            assert (await ann.get(f"/v1/uploads/{before['video_id']}")).status_code == 200


async def test_without_the_search_engine_everything_else_goes_on(rig: Rig, ann: httpx.AsyncClient) -> None:
    settings = rig.platform.settings
    async with wired(urlsplit(settings.opensearch).netloc) as (wire, address):
        platform = replace(rig.platform, settings=replace(settings, opensearch=f"http://{address}"))
        async with serving(platform, QUICK) as gateway:
            ann.base_url = httpx.URL(gateway.address)
            wire.cut()
            for path in ("/v1/search?q=dawn", "/v1/suggest?q=d", "/v1/trending"):
                is_outage(await ann.get(path))
            started = await rig.started(ann)
            assert (await ann.get(f"/v1/videos/{started['video_id']}")).status_code == 200
            assert "opensearch" in (await ann.get("/readyz")).json()["detail"]
            wire.up = True

            async def well() -> bool:
                return (await ann.get("/v1/search?q=dawn")).status_code == 200

            await eventually(well)


async def test_without_the_tables_queries_wait_no_longer_than_they_may(rig: Rig, ann: httpx.AsyncClient) -> None:
    settings = rig.platform.settings
    async with wired(settings.cassandra) as (wire, address):
        platform = replace(rig.platform, settings=replace(settings, cassandra=address))
        async with serving(platform, QUICK) as gateway:
            ann.base_url = httpx.URL(gateway.address)
            started = await rig.started(ann)
            wire.cut()
            for method, path in (
                ("GET", f"/v1/videos/{started['video_id']}"),
                ("GET", "/v1/videos"),
                ("GET", f"/v1/videos/{started['video_id']}/timeline"),
                ("POST", f"/v1/uploads/{started['video_id']}/complete"),
            ):
                is_outage(await ann.request(method, path))
            wire.up = True

            async def well() -> bool:
                return (await ann.get(f"/v1/videos/{started['video_id']}")).status_code == 200

            await eventually(well)
