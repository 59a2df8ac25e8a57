"""Run `playlog up` as a child of the tests, on ports and data of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local import instance, launcher
from deploy.local.configuration import Local
from tests.free_ports import free_ports

READY_WITHIN_SECONDS = 900  # with everything to fetch, over a slow line
STOPPED_WITHIN_SECONDS = 90
ANY_LOCAL_PAGE = r"http://(127\.0\.0\.1|localhost):[0-9]+"


def own_environment(home: Path) -> dict[str, str]:
    """Free ports and the data folder `home`; downloads are shared with `make up`."""
    return free_ports() | {"PLAYLOG_HOME": str(home), "PLAYLOG_ORIGINS": ANY_LOCAL_PAGE}


@contextmanager
def playlog_up(environment: dict[str, str], *options: str) -> Iterator[Local]:
    """`playlog up` with the options, ready; stopped at the end of the block. Raises RuntimeError with its output."""
    local = Local.from_environment(environment)
    local.home.mkdir(parents=True, exist_ok=True)
    with open(local.home / "up.out", "ab") as output:
        process = start(environment, "up", *options, output=output.fileno())
    try:
        _wait_ready(local, process)
        yield local
    finally:
        process.terminate()
        process.wait(STOPPED_WITHIN_SECONDS)


def start(environment: dict[str, str], *arguments: str, output: int) -> subprocess.Popen[bytes]:
    """The `playlog` command as a child that dies with this process."""
    bound = [sys.executable, "-I", "-S", launcher.__file__, str(os.getpid())]
    command = [*bound, sys.executable, "-m", "deploy.commands", *arguments]
    return subprocess.Popen(command, env=os.environ | environment, stdout=output, stderr=output)


def _wait_ready(local: Local, process: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + READY_WITHIN_SECONDS
    while not instance.is_ready(local):
        if process.poll() is not None or time.monotonic() > limit:
            raise RuntimeError(f"playlog up did not come up:\n{(local.home / 'up.out').read_text()}")
        time.sleep(0.1)
