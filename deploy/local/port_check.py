"""See that every port is free before anything starts, and say which setting moves the one that is not."""

from __future__ import annotations

import socket
from collections.abc import Iterable

import psutil

from deploy.local.configuration import PORTS, Local
from deploy.local.mendable import Mendable


class PortsTaken(Mendable):
    """Some ports are in use; the message names the setting of each."""


def check_ports(local: Local, names: Iterable[str]) -> None:
    """Raises PortsTaken, naming all that are taken."""
    taken = [name for name in names if not _is_free(local.ports[name])]
    if taken:
        raise PortsTaken("\n".join(_complaint(name, local.ports[name]) for name in taken))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: a closed one may linger
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _complaint(name: str, port: int) -> str:
    setting, _ = PORTS[name]
    return f"port {port} ({name}) is in use{_owner(port)}: end that, or set {setting} to a free port"


def _owner(port: int) -> str:
    try:
        for connection in psutil.net_connections("tcp"):
            here = tuple(connection.laddr)[1:] == (port,)
            if here and connection.status == psutil.CONN_LISTEN and connection.pid:
                return f" by pid {connection.pid} ({psutil.Process(connection.pid).name()})"
    except psutil.Error:
        pass  # only a hint: other people's processes can't be seen
    return ""
