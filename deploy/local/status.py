"""What runs, where, how much memory it holds, and whether it does its work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import psutil
from rich.table import Table

from deploy.edge.hits import lines, tally
from deploy.local import instance
from deploy.local.configuration import Local
from deploy.local.edge import NAME as EDGE
from deploy.local.edge import request_log
from deploy.local.report import Report
from deploy.local.servers import SERVERS
from deploy.local.services import services
from processors.media.encoders import Encoders


@dataclass(frozen=True)
class Row:
    """One process of the installation. `problem` is empty when it is ready."""

    name: str
    pid: int | None
    port: int | None
    memory_mb: float
    problem: str


def show(local: Local, report: Report) -> bool:
    """Print the table; False unless everything runs and is ready."""
    rows = processes(local)
    if not rows:
        report.say(f"nothing runs in {local.home}: `playlog up` starts it")
        return False
    table = Table("process", "pid", "port", "memory", "", box=None)
    for row in rows:
        mark = f"[red]✗ {row.problem}[/]" if row.problem else "[green]✓ ready[/]"
        table.add_row(row.name, str(row.pid or ""), str(row.port or ""), f"{row.memory_mb:.0f} MB", mark)
    table.add_row("all", "", "", f"{sum(row.memory_mb for row in rows):.0f} MB", "")
    report.console.print(table)
    if any(row.name == EDGE for row in rows):
        report.say(f"\nedge {tally(lines(request_log(local)))}")
    report.say(f"\nencoding {asyncio.run(Encoders.found()).told()}")
    report.say(f"\npage {local.page}   data {local.home}   logs {local.logs}")
    return not any(row.problem for row in rows)


def processes(local: Local) -> list[Row]:
    """A row for every process of the running `playlog up`, itself included; empty when none runs.

    One that has died keeps its pid file until it is started again: it shows as not running.
    """
    if instance.process(local, instance.SUPERVISOR) is None:
        return []
    with ThreadPoolExecutor() as pool:
        return list(pool.map(partial(_row, local, _probes(local)), instance.names(local)))


def _probes(local: Local) -> dict[str, tuple[int | None, Callable[[], None]]]:
    """For each program its port for clients, if it has one, and what proves it ready."""
    known: dict[str, tuple[int | None, Callable[[], None]]] = {
        server.name: (local.ports[server.ports[0]], partial(server.ready, local)) for server in SERVERS
    }
    return known | {program.name: (program.port, program.ready) for program in services(local)}


def _row(local: Local, probes: dict[str, tuple[int | None, Callable[[], None]]], name: str) -> Row:
    port, ready = probes.get(name, (None, lambda: None))
    found = instance.process(local, name)
    if found is None:
        return Row(name, None, port, 0, "not running; its supervisor starts it again")
    try:
        ready()
        problem = ""
    except Exception as reason:  # every probe has its own errors; all mean the same to the reader
        problem = f"not ready: {reason}"
    return Row(name, found.pid, port, _memory_mb(found), problem)


def _memory_mb(process: psutil.Process) -> float:
    """Resident memory; what is shared with others is counted for each."""
    try:
        return process.memory_info().rss / 1e6
    except psutil.NoSuchProcess:
        return 0
