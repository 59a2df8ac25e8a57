"""Which failures pass by themselves, how long to wait for that, and which must stop the worker."""

from __future__ import annotations

from aiokafka.errors import KafkaError
from confluent_kafka import KafkaException

from streams.registry import RegistryError
from streams.sinks import SinkDown


class Superseded(RuntimeError):
    """The next version of a processor's state has taken over; this one is not to be worked on any more."""


DOWN = (KafkaError, KafkaException, RegistryError, SinkDown, Superseded, OSError, TimeoutError)
PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)  # seconds


class LogLost(RuntimeError):
    """Records that were not applied yet are gone from the log, or were skipped."""


class Backoff:
    """Longer pauses from failure to failure, up to ten seconds."""

    def __init__(self) -> None:
        self._failures = 0

    def pause(self, again: bool) -> float:
        """Seconds to wait now; `again`: nothing has worked since the last failure."""
        self._failures = self._failures + 1 if again else 0
        return PAUSES[min(self._failures, len(PAUSES) - 1)]
