"""Which failures are a server behind the gateway being down, and which server it is."""

from __future__ import annotations

from aiokafka.errors import KafkaError

from gateway.problems import Problem, outage
from streams.log import LogDown, Overloaded
from streams.registry import RegistryError
from streams.sinks import SinkDown
from streams.store_errors import StoreDown

SERVERS: tuple[tuple[type[BaseException], str], ...] = (
    (SinkDown, "A view's store"),
    (StoreDown, "The object store"),
    (LogDown, "The log"),
    (KafkaError, "The log"),
    (RegistryError, "The schema registry"),
    (TimeoutError, "A server of the platform"),
    (ConnectionError, "A server of the platform"),
)


def as_problem(error: BaseException) -> Problem | None:
    """A 429 or 503 problem for overload or an outage, None for anything else, which is a defect."""
    if isinstance(error, Overloaded):
        return Problem(429, "overloaded", "More is being written than the log takes.", "Wait a moment.", retry_after=1)
    return next((outage(server) for kind, server in SERVERS if isinstance(error, kind)), None)
