"""Children are kept running, end with their supervisor, and leave nobody behind. The programs are small but real."""

from __future__ import annotations

import asyncio
import io
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest
from rich.console import Console

from deploy.local import instance, launcher
from deploy.local.configuration import Local
from deploy.local.program import NotReady, Program
from deploy.local.report import Report
from deploy.local.supervisor import StartFailed, Supervisor

STEADY = "import pathlib, time; pathlib.Path('ready').touch(); time.sleep(600)"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + STEADY
BROKEN = "print('no such setting'); raise SystemExit(3)"
ONCE = "import pathlib, sys; p = pathlib.Path('seen'); sys.exit(3) if p.exists() else p.touch();" + STEADY
PARENT = "import subprocess, sys; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
WITH_CHILD = PARENT + "open('child', 'w').write(str(child.pid));" + STEADY


@pytest.fixture
def local(tmp_path: Path) -> Local:
    local = Local.from_environment({"PLAYLOG_HOME": str(tmp_path)})
    local.run.mkdir()
    return local


@pytest.fixture
def output() -> io.StringIO:
    return io.StringIO()


def program(local: Local, code: str, stop_within: float = 20) -> Program:
    ready = local.home / "ready"

    def probe() -> None:
        if not ready.exists():
            raise NotReady

    return Program(
        name="child",
        command=[sys.executable, "-c", code],
        ready=probe,
        folder=local.home,
        stop_within=stop_within,
        clear=(ready,),
    )


@asynccontextmanager
async def supervising(local: Local, output: io.StringIO, child: Program) -> AsyncIterator[Supervisor]:
    report = Report(Console(file=output, width=200))
    supervisor = Supervisor(local, report)
    try:
        await supervisor.start(child, report.step(child.name))
        yield supervisor
    finally:
        await supervisor.stop(child.name)


async def until(holds: Callable[[], object], seconds: float = 30) -> None:
    limit = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < limit
        await asyncio.sleep(0.05)


def pid(local: Local) -> int | None:
    found = instance.process(local, "child")
    return found.pid if found else None


async def test_a_child_runs_until_it_is_stopped(local: Local, output: io.StringIO):
    async with supervising(local, output, program(local, STEADY)) as supervisor:
        running = pid(local)
        assert running is not None
        await supervisor.stop("child")
        assert not psutil.pid_exists(running)
        assert instance.names(local) == []


async def test_a_killed_child_is_started_again_and_that_is_said(local: Local, output: io.StringIO):
    async with supervising(local, output, program(local, STEADY)):
        first = pid(local)
        assert first
        os.kill(first, 9)
        await until(lambda: "ready again" in output.getvalue())
        assert pid(local) not in (None, first)
        assert "was ended by SIGKILL; starting again in 1 s" in output.getvalue()


async def test_the_word_of_an_earlier_process_does_not_make_a_child_ready(local: Local, output: io.StringIO):
    async with supervising(local, output, program(local, ONCE)):
        first = pid(local)
        assert first
        os.kill(first, 9)
        await until(lambda: "ended with code 3" in output.getvalue())
        assert "ready again" not in output.getvalue()


async def test_a_deaf_child_is_killed(local: Local, output: io.StringIO):
    async with supervising(local, output, program(local, DEAF, stop_within=0.5)) as supervisor:
        running = pid(local)
        assert running
        await supervisor.stop("child")
        assert not psutil.pid_exists(running)
        assert "killed" in output.getvalue()


async def test_a_child_that_can_not_start_shows_its_log(local: Local, output: io.StringIO):
    with pytest.raises(StartFailed, match=r"child ended with code 3; (.|\n)*no such setting"):
        async with supervising(local, output, program(local, BROKEN)):
            pass
    assert instance.names(local) == []


async def test_the_children_of_a_killed_child_do_not_work_on(local: Local, output: io.StringIO):
    async with supervising(local, output, program(local, WITH_CHILD)):
        grandchild = int((local.home / "child").read_text())
        first = pid(local)
        assert first
        os.kill(first, 9)
        await until(lambda: gone(grandchild))


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_child_dies_with_a_killed_supervisor():
    launched = f"[sys.executable, {launcher.__file__!r}, str(os.getpid()), 'sleep', '600']"
    code = f"import os, subprocess, sys; print(subprocess.Popen({launched}).pid, flush=True); os.read(0, 1)"
    supervisor = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert supervisor.stdout
    child = int(supervisor.stdout.readline())
    asyncio.run(until(lambda: psutil.Process(child).name() == "sleep"))
    supervisor.kill()
    supervisor.communicate()
    asyncio.run(until(lambda: gone(child)))
