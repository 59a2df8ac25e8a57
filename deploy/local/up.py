"""Bring the platform up, keep it up, take it down: what `playlog up` does."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any

from deploy.local import instance
from deploy.local.configuration import PORTS, Local
from deploy.local.declaring import declare
from deploy.local.edge import INSTALL, nginx
from deploy.local.edge import NAME as EDGE
from deploy.local.fetching import fetched
from deploy.local.port_check import check_ports
from deploy.local.program import Program
from deploy.local.report import Report
from deploy.local.server import Server
from deploy.local.servers import SERVERS
from deploy.local.services import services
from deploy.local.supervisor import Supervisor
from deploy.local.watching import restart_on_change
from deploy.local.web import build_page

OF_PROGRAMS = ("gateway", EDGE)  # ports of our own processes, which need not run; all others are servers
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


async def run(
    local: Local,
    report: Report,
    *,
    only_servers: bool = False,
    watch: bool = False,
    then: Callable[[], Coroutine[Any, Any, None]] | None = None,
) -> None:
    """Start everything, do `then`, stay until a signal asks to end, stop everything.

    Raises AlreadyRunning, PortsTaken, ToolFailed or StartFailed (in an ExceptionGroup); by then all is stopped.
    """
    with instance.only_instance(local):
        programs = [] if only_servers else services(local)
        running = {program.name for program in programs}
        check_ports(local, [name for name in PORTS if name in running or name not in OF_PROGRAMS])
        supervisor = Supervisor(local, report)
        try:
            await _until_signal(_start_and_stay(local, report, supervisor, programs, watch, then))
        finally:
            await _stop(report, supervisor, programs)


async def _start_and_stay(
    local: Local,
    report: Report,
    supervisor: Supervisor,
    programs: list[Program],
    watch: bool,
    then: Callable[[], Coroutine[Any, Any, None]] | None,
) -> None:
    with report.moving():
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(start_servers(local, report, supervisor))
            if programs:
                tasks.create_task(build_page(report))
        if programs:
            await declare(local, report)
            await _start_programs(report, supervisor, programs)
            if not nginx():
                report.line(EDGE, f"[yellow]no nginx: media come straight from the gateway[/] ({INSTALL})")
    instance.say_ready(local)
    report.say(f"\n  [bold]{local.page}[/]" if programs else "\n  the servers are up")
    report.say(f"  data and logs in {local.home}; Ctrl-C stops\n")
    async with asyncio.TaskGroup() as tasks:
        if then:
            tasks.create_task(then())
        if watch:
            tasks.create_task(restart_on_change(local, report, supervisor, programs))
        await asyncio.Event().wait()  # a signal ends it


async def start_servers(
    local: Local, report: Report, supervisor: Supervisor, servers: Sequence[Server] = SERVERS
) -> None:
    """Fetch, configure and start servers side by side."""

    async def start(server: Server) -> None:
        step = report.step(server.name)
        library = await fetched(local.cache, server.name, step)
        step("configuring")
        program = await asyncio.to_thread(server.program, local, library)
        await supervisor.start(program, step)
        step.done(f"ready on port {local.ports[server.ports[0]]}")

    async with asyncio.TaskGroup() as tasks:
        for server in servers:
            tasks.create_task(start(server))


async def _start_programs(report: Report, supervisor: Supervisor, programs: list[Program]) -> None:
    async def start(program: Program) -> None:
        step = report.step(program.name)
        await supervisor.start(program, step)
        step.done()

    async with asyncio.TaskGroup() as tasks:
        for program in programs:
            tasks.create_task(start(program))


async def _stop(report: Report, supervisor: Supervisor, programs: list[Program]) -> None:
    """Playlog's processes first: they finish what they have begun while the servers still answer."""
    report.say("  stopping")
    step = report.step("all")
    await supervisor.stop(*(program.name for program in programs))
    await supervisor.stop(*(server.name for server in SERVERS))
    step.done("stopped")


async def _until_signal(work: Coroutine[Any, Any, None]) -> None:
    """Run `work`; a signal cancels it, quietly. A second one is ignored: stopping has limits of its own."""
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, task.cancel)
    with suppress(asyncio.CancelledError):
        await task
