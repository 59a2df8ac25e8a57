"""Servers that a test may stop and kill, children of the test itself; who only needs servers takes `own_stack`."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from deploy.local import instance
from deploy.local.configuration import Local
from deploy.local.kafka import broker
from deploy.local.report import Report
from deploy.local.server import Server
from deploy.local.supervisor import Supervisor
from deploy.local.up import start_servers
from tests.own_stack import own_environment

SMALL = {"PLAYLOG_KAFKA_HEAP": "224m"}  # a broker of several on a small machine


class OwnServers:
    """Servers of one installation. Those that are killed start again by themselves, those that are ended do not."""

    def __init__(self, local: Local, servers: Sequence[Server]) -> None:
        self.local = local
        self._servers = {server.name: server for server in servers}
        self._supervisor = Supervisor(local, Report())

    async def start(self) -> None:
        self.local.run.mkdir(parents=True, exist_ok=True)
        await start_servers(self.local, Report(), self._supervisor, list(self._servers.values()))

    async def outage(self, name: str, how: signal.Signals) -> None:
        """End a server in this way and wait until it is back."""
        process = instance.process(self.local, name)
        assert process is not None, f"{name} does not run"
        process.send_signal(how)
        while True:
            again = instance.process(self.local, name)
            if again is not None and again.pid != process.pid and self._up(name):
                return
            await asyncio.sleep(0.2)

    async def kill(self, name: str) -> None:
        """End a server with -9, for good."""
        if (process := instance.process(self.local, name)) is not None:
            process.kill()
        await self._supervisor.stop(name)

    def _up(self, name: str) -> bool:
        try:
            self._servers[name].ready(self.local)
        except Exception:  # every probe has its own errors for "not yet"
            return False
        return True


@asynccontextmanager
async def own_servers(home: Path, *servers: Server) -> AsyncIterator[OwnServers]:
    """These servers on free ports; killed at the end of the block."""
    own = OwnServers(Local.from_environment(own_environment(home)), servers)
    try:
        await own.start()
        yield own
    finally:
        await asyncio.gather(*(own.kill(server.name) for server in servers))  # nobody asks for their data again


@asynccontextmanager
async def brokers(home: Path, count: int) -> AsyncIterator[list[OwnServers]]:
    """A cluster of Kafka brokers, each an installation of its own."""
    installations = [Local.from_environment(own_environment(home / f"broker-{n}") | SMALL) for n in range(count)]
    quorum = [local.address("kafka controller") for local in installations]
    cluster = [OwnServers(local, [broker(*quorum)]) for local in installations]
    async with AsyncExitStack() as stack:
        for one in cluster:
            stack.push_async_callback(one.kill, "kafka")  # who has lost the others does not end otherwise
        async with asyncio.TaskGroup() as starting:
            for one in cluster:
                starting.create_task(one.start())
        yield cluster
