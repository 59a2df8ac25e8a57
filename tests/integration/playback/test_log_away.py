"""Kafka is away: 503, nothing is taken by halves, and the same request is taken, once, when it is back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextvars import ContextVar
from typing import Any

import httpx
import pytest
import pytest_asyncio
from aiokafka import client

from tests.integration.gateway.conftest import OPTIONS, Rig, eventually, serving
from tests.integration.gateway.test_outages import Wire, is_outage, wired
from tests.integration.playback.conftest import Player, counted, film, settled

OF_THE_GATEWAY: ContextVar[bool] = ContextVar("OF_THE_GATEWAY", default=False)
pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def cut_off(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Rig, Wire]]:
    """A gateway whose every connection to the broker goes through a wire.

    A broker tells its clients its own address, so the wire is put in where they connect: for what the gateway
    starts, and for nothing else in this process.
    """
    connect = client.create_conn
    async with wired(rig.platform.settings.kafka) as (wire, address):
        host, _, port = address.rpartition(":")

        async def through_the_wire(its_host: str, its_port: int, **how: Any) -> Any:
            there = (host, int(port)) if OF_THE_GATEWAY.get() else (its_host, its_port)
            return await connect(*there, **how)

        monkeypatch.setattr(client, "create_conn", through_the_wire)
        mark = OF_THE_GATEWAY.set(True)
        async with serving(rig.platform, OPTIONS) as gateway:
            OF_THE_GATEWAY.reset(mark)
            yield gateway, wire


async def test_nothing_is_half_accepted(rig: Rig, cut_off: tuple[Rig, Wire], nobody: httpx.AsyncClient) -> None:
    gateway, wire = cut_off
    video = await film(rig)
    async with gateway.client(None) as viewer:
        player = await Player.of(viewer, video)
        await player.tell(1_000)
        wire.cut()
        before = await counted(rig, video)
        lost = player.watch(9_000, 0, 1_000)
        answers = await asyncio.gather(*(player.send(lost) for _ in range(3)))
        for answer in answers:
            is_outage(answer)
        begun = await viewer.post(f"/v1/videos/{video}/playback", json={})
        assert begun.status_code == 201, "to begin needs no log"
        assert (await viewer.get("/healthz")).status_code == 200
        assert await counted(rig, video) == before
        wire.up = True

        async def taken() -> bool:
            return (await player.send(lost)).status_code == 202

        await eventually(taken, 60)
        wanted = await counted(rig, video)
        assert (wanted.views, wanted.watched_ms) == (1, 11_000)
        await settled(rig, nobody, video, wanted)
