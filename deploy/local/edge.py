"""The edge on this machine: nginx as a child of the supervisor, with everything it keeps in its own folder."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from deploy.local.configuration import Local
from deploy.local.keys import secrets
from deploy.local.mendable import Mendable
from deploy.local.probes import ask
from deploy.local.program import Program

NAME = "edge"
INSTALL = "Debian: apt-get install nginx-light"
NEEDED_MODULES = ("http_secure_link_module",)  # nginx leaves it out unless it is built with it
WORKERS = "2"  # enough for one machine's demo; they share its cores with everything else
LOG_MAX_BYTES = 64 << 20


class Unwritable(Mendable):
    """A setting can't stand in nginx's configuration; the message says which."""


@cache
def nginx() -> Path | None:
    """The machine's nginx, if it has one that can check links."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/sbin:/usr/local/sbin")
    if not found:
        return None
    about = subprocess.run([found, "-V"], capture_output=True, text=True).stderr
    return Path(found) if all(module in about for module in NEEDED_MODULES) else None


def request_log(local: Local) -> Path:
    """A line a request, as JSON."""
    return local.logs / "edge-requests.log"


def announced(local: Local, environment: Mapping[str, str] = os.environ) -> str:
    """Where viewers are sent for media: PLAYLOG_EDGE, where it is set; else the edge here, if there is one.

    Empty: to the gateway. A gateway that others reach by another address than 127.0.0.1 has to be told its edge's.
    """
    if (given := environment.get("PLAYLOG_EDGE")) is not None:
        return given
    at_home = local.host in ("127.0.0.1", "localhost")
    return f"http://{local.address('edge')}" if nginx() and at_home else ""


def edge(local: Local) -> list[Program]:
    """The program, or none where nginx is missing."""
    binary, folder = nginx(), local.home / NAME
    if binary is None:
        return []
    command = [str(binary), "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
    return [
        Program(
            name=NAME,
            command=command,
            ready=lambda: ask("GET", f"http://{local.address('edge')}/healthz"),
            folder=folder,
            environment={"LANG": "C.UTF-8"},
            port=local.ports["edge"],
            stop_within=10,
            dies_by=signal.SIGTERM,  # its processes that serve end with it only if it can tell them
            prepare=lambda: _configure(local, folder),
        )
    ]


def _configure(local: Local, folder: Path) -> None:
    from deploy.edge.rendering import Edge, render  # brings the gateway's refusals, and so its web framework

    (folder / "empty").mkdir(parents=True, exist_ok=True)
    local.logs.mkdir(parents=True, exist_ok=True)
    _rotate(request_log(local))
    settings = Edge(
        listen=f"{local.host}:{local.ports['edge']}",
        gateway=local.address("gateway"),
        secret=secrets(local)["PLAYLOG_MEDIA_SECRET"],
        folder=folder,
        log=request_log(local),
        size=local.edge_cache,
        workers=WORKERS,
        user=_user(),
    )
    try:
        rendered = render(settings)
    except ValueError as reason:
        raise Unwritable(str(reason)) from None
    configuration = folder / "nginx.conf"
    configuration.touch(mode=0o600)
    configuration.write_text(rendered)


def _user() -> str:
    """Root's nginx would serve as `nobody`, who can't write into this folder."""
    if os.geteuid() != 0:
        return ""
    return f"{pwd.getpwuid(os.geteuid()).pw_name} {grp.getgrgid(os.getegid()).gr_name}"


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_MAX_BYTES:
        log.replace(log.with_suffix(".log.1"))
