"""Playlog's own processes: the one place that says which run on one machine, and with what environment."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from deploy.local.configuration import Local
from deploy.local.edge import announced, edge
from deploy.local.keys import secrets
from deploy.local.probes import ask
from deploy.local.program import NotReady, Program

WORKERS = {"streams": "fold,view,tally", "work-1": "work", "work-2": "work"}
READY_FILE = "PLAYLOG_READY_FILE"  # a worker makes this file once it has its partitions and their state


def services(local: Local) -> list[Program]:
    return [*(worker(local, name, kind) for name, kind in WORKERS.items()), gateway(local), *edge(local)]


def worker(local: Local, name: str, kind: str) -> Program:
    ready = local.run / f"{name}.ready"
    environment = service_environment(local) | {READY_FILE: str(ready), "PLAYLOG_WORKER": name}
    return Program(
        name=name,
        command=playlog("worker", "--kind", kind),
        ready=lambda: None if ready.exists() else _not_yet(name),
        folder=Path.cwd(),
        environment=environment,
        clear=(ready,),
    )


def gateway(local: Local) -> Program:
    return Program(
        name="gateway",
        command=playlog("gateway"),
        ready=lambda: ask("GET", f"{local.page}/readyz"),
        folder=Path.cwd(),
        environment=service_environment(local),
        port=local.ports["gateway"],
        stop_within=10,
    )


def service_environment(local: Local) -> dict[str, str]:
    """The environment of `up` itself, the addresses of its servers and of its edge, and its secrets."""
    here = {"PLAYLOG_DEV": "1", "PYTHONUNBUFFERED": "1", "PLAYLOG_EDGE": announced(local)}
    return dict(os.environ) | local.environment() | secrets(local) | here


def playlog(*arguments: str) -> list[str]:
    """The `playlog` command of this very environment."""
    return [sys.executable, "-m", "deploy.commands", *arguments]


def _not_yet(name: str) -> None:
    raise NotReady(f"{name} has not got its partitions yet")
