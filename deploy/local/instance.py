"""The one `playlog up` of a data folder: who runs it, with which processes, and how others find out."""

from __future__ import annotations

import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from deploy.local.configuration import Local
from deploy.local.mendable import Mendable

SUPERVISOR = "up"
LEFTOVERS_STOP_WITHIN_SECONDS = 25


class AlreadyRunning(Mendable):
    """Another `playlog up` has this data folder."""


@contextmanager
def only_instance(local: Local) -> Iterator[None]:
    """Hold the data folder for this process; the lock ends with the process, however that ends.

    Raises AlreadyRunning. Ends what an earlier instance left behind when it was killed.
    """
    local.run.mkdir(parents=True, exist_ok=True)
    with open(local.run / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(_already_running(local)) from None
        end_leftovers(local)
        forget_ready(local)
        note(local, SUPERVISOR, os.getpid())
        try:
            yield
        finally:
            forget_ready(local)
            forget(local, SUPERVISOR)


def _already_running(local: Local) -> str:
    running = process(local, SUPERVISOR)
    return (
        f"Playlog runs already in {local.home}{f' (pid {running.pid})' if running else ''}.\n"
        f"  its page: {local.page}\n"
        "  mend: use that one, end it with `playlog down`, or give this one another PLAYLOG_HOME and ports."
    )


def note(local: Local, name: str, pid: int) -> None:
    """Keep a process's pid, with its start time: pids are used again."""
    _pid_file(local, name).write_text(f"{pid} {psutil.Process(pid).create_time()}\n")


def forget(local: Local, name: str) -> None:
    _pid_file(local, name).unlink(missing_ok=True)


def process(local: Local, name: str) -> psutil.Process | None:
    """The process noted under `name`, if it still runs."""
    try:
        pid, started = _pid_file(local, name).read_text().split()
        found = psutil.Process(int(pid))
        same = abs(found.create_time() - float(started)) < 1
        return found if same and found.status() != psutil.STATUS_ZOMBIE else None
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        return None


def names(local: Local) -> list[str]:
    """The programs that were started and not stopped, whether they still run or not."""
    return sorted(path.stem for path in local.run.glob("*.pid"))


def noted(local: Local) -> dict[str, psutil.Process]:
    """The processes of the installation that run now, the supervisor among them."""
    return {name: found for name in names(local) if (found := process(local, name))}


def end_leftovers(local: Local) -> None:
    """End processes whose supervisor is gone (where the system does not do it)."""
    left = [found for name, found in noted(local).items() if name != SUPERVISOR]
    for found in left:
        found.terminate()
    for found in psutil.wait_procs(left, timeout=LEFTOVERS_STOP_WITHIN_SECONDS)[1]:
        os.kill(found.pid, signal.SIGKILL)
    for path in local.run.glob("*.pid"):
        path.unlink()


def say_ready(local: Local) -> None:
    """Everything is up: `demo`, `status` and the tests wait for this."""
    _ready_file(local).touch()


def forget_ready(local: Local) -> None:
    _ready_file(local).unlink(missing_ok=True)


def is_ready(local: Local) -> bool:
    return _ready_file(local).exists() and process(local, SUPERVISOR) is not None


def _pid_file(local: Local, name: str) -> Path:
    return local.run / f"{name}.pid"


def _ready_file(local: Local) -> Path:
    return local.run / "ready"
