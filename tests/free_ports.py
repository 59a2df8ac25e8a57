"""Ports for a test's own servers: free, and none that `make up` or an outgoing connection would take."""

import random
import socket

from deploy.local.configuration import PORTS

BELOW_EPHEMERAL = range(20_000, 31_000)
BELOW_THE_RUNNERS_LIMIT = range(9_100, 9_250)


def free_ports() -> dict[str, str]:
    """A free port for every port setting of the local stack, as environment variables."""
    found: dict[str, str] = {}
    for name, (setting, _) in PORTS.items():
        candidates = BELOW_THE_RUNNERS_LIMIT if name == "opensearch" else BELOW_EPHEMERAL
        found[setting] = str(free_port(candidates, {int(port) for port in found.values()}))
    return found


def free_port(candidates: range = BELOW_EPHEMERAL, taken: set[int] | None = None) -> int:
    usual = {default for _, default in PORTS.values()}
    for port in random.sample(candidates, len(candidates)):
        if port not in usual | (taken or set()) and is_free(port) and is_free(port + 1):
            return port
    raise RuntimeError(f"no free port from {candidates.start} to {candidates.stop}")


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
