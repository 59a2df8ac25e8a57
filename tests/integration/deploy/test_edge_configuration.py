"""nginx takes the rendered configuration, and checks links with the secret as it is, whatever characters it has."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil
import pytest

from deploy.local import launcher
from deploy.local.configuration import Local
from deploy.local.edge import edge
from deploy.local.program import Program
from deploy.local.report import Report
from deploy.local.supervisor import Supervisor
from gateway.media.links import Links
from tests.free_ports import free_ports

VIDEO = "0192f0c1-7a00-7c3e-8f2a-5b1f0c9d7e11"
SECRETS = ["plain", "a$b$expires", 'quo"te', "back\\slash\\", "it's", "#;{}", "ünïcode", "default", " spaced "]


@pytest.fixture
def local(tmp_path: Path, request: pytest.FixtureRequest) -> Local:
    """An installation with this media secret; the gateway does not run."""
    home = tmp_path / "a folder; of mine"
    for folder in ("keys", "run"):
        (home / folder).mkdir(parents=True)
    (home / "keys" / "media-secret").write_text(request.param)
    return Local.from_environment(free_ports() | {"PLAYLOG_HOME": str(home)})


@pytest.mark.parametrize("local", ["a secret"], indirect=True)
def test_nginx_finds_nothing_to_warn_of(local: Local) -> None:
    (program,) = edge(local)
    program.prepare()
    tested = subprocess.run([*program.command, "-t"], capture_output=True, text=True)
    assert tested.returncode == 0, tested.stderr
    assert "[warn]" not in tested.stderr
    assert (program.folder / "nginx.conf").stat().st_mode & 0o077 == 0, "it holds the secret"


@pytest.mark.parametrize("local", SECRETS, indirect=True)
async def test_a_link_is_checked_with_the_secret_as_it_is(local: Local) -> None:
    secret, report = (local.home / "keys" / "media-secret").read_text(), Report()
    (program,) = edge(local)
    supervisor = Supervisor(local, report)
    await supervisor.start(program, report.step("edge"))
    try:
        async with httpx.AsyncClient(base_url=f"http://{local.address('edge')}") as viewer:
            good = await viewer.get(f"{Links(secret, 60).media(VIDEO, time.time())}/master.m3u8")
            forged = await viewer.get(f"{Links(secret + 'x', 60).media(VIDEO, time.time())}/master.m3u8")
            expired = await viewer.get(f"{Links(secret, 0).media(VIDEO, time.time() - 8000)}/master.m3u8")
    finally:
        await supervisor.stop(program.name)
    assert (good.status_code, forged.status_code, expired.status_code) == (503, 403, 410)


@pytest.mark.parametrize("local", ["a secret"], indirect=True)
async def test_it_leaves_nobody_behind_when_it_is_stopped(local: Local) -> None:
    (program,) = edge(local)
    report = Report()
    supervisor = Supervisor(local, report)
    await supervisor.start(program, report.step("edge"))
    family = await asyncio.to_thread(processes, program)
    await supervisor.stop(program.name)
    assert not (await asyncio.to_thread(psutil.wait_procs, family, 30))[1]


@pytest.mark.parametrize("local", ["a secret"], indirect=True)
def test_it_leaves_nobody_behind_when_its_supervisor_is_killed(local: Local) -> None:
    """Its processes that serve are children of its own, which no death signal reaches."""
    (program,) = edge(local)
    program.prepare()
    command = [sys.executable, launcher.__file__, "PID", *program.command]
    start = f"command = {command!r}; command[2] = f'{{os.getpid()}}:{program.dies_by.value}'; subprocess.Popen(command)"
    code = f"import os, subprocess, time; {start}; time.sleep(600)"
    supervisor = subprocess.Popen([sys.executable, "-c", code])
    family = processes(program)
    supervisor.kill()
    supervisor.wait()
    assert not psutil.wait_procs(family, 30)[1]


def processes(program: Program) -> list[psutil.Process]:
    """nginx and its own children, once it serves."""
    limit = time.monotonic() + 60
    while True:
        try:
            program.ready()
            break
        except OSError:
            assert time.monotonic() < limit
            time.sleep(0.1)
    parent = psutil.Process(int((program.folder / "nginx.pid").read_text()))
    while len(family := [parent, *parent.children(recursive=True)]) < 3:  # one that watches, and those that serve
        assert time.monotonic() < limit
        time.sleep(0.1)
    return family
