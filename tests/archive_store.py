"""A store with an archive, which ours lacks: moto's S3, with its objects in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from moto.moto_api import state_manager
from moto.server import ThreadedMotoServer

RESTORE = "s3::keyrestore"


@contextmanager
def archive_store() -> Iterator[str]:
    """Its address. An object comes back with the second look after it was asked for; no rule is ever carried out."""
    state_manager.set_transition(RESTORE, {"progression": "manual", "times": 2})
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()
        state_manager.unset_transition(RESTORE)
