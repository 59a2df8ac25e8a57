"""`/metrics` and `/healthz` of a worker, answered in a thread of their own: also while its loop is busy."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any, cast
from wsgiref.simple_server import WSGIRequestHandler, make_server

import msgspec
import prometheus_client
from prometheus_client import CollectorRegistry

from streams.health import Health
from streams.liveness import stuck
from streams.metrics import HealthCollector


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """A probe a second is no news."""


def serve(port: int, health: Callable[[], Iterable[Health]]) -> None:
    """Answer at `port`: `/healthz` with 503 and the reasons where a partition is stuck, and all partitions in JSON."""
    registry = CollectorRegistry()
    registry.register(HealthCollector(health))
    metrics = cast("Any", prometheus_client).make_wsgi_app(registry)

    def answer(environment: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        return (page if environment["PATH_INFO"] == "/healthz" else metrics)(environment, start)

    def page(_: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        partitions = list(health())
        said = stuck(partitions)
        status = "503 Service Unavailable" if said else "200 OK"
        start(status, [("Content-Type", "application/json")])
        return [msgspec.json.encode({"stuck": said, "partitions": partitions})]

    server = make_server("", port, answer, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, name="health page", daemon=True).start()
