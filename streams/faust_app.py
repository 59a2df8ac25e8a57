"""One Faust application a processor: its consumer group, and nothing of Faust's streams and tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import faust
from faust.app.base import BootStrategy
from mode.types import ServiceT
from yarl import URL

from streams.faust_transport import Consumer
from streams.group import Hosted
from streams.settings import Settings


class ConsumerOnly(BootStrategy):
    """Start the sensors and the consumer: producers, agents, tables and web are the engine's own or not needed."""

    def server(self) -> Iterable[ServiceT]:
        return [*self.sensors(), self.app.consumer]


class ProcessorApp(faust.App):
    """The group of one processor. `hosted` is told which partitions it has."""

    BootStrategy = ConsumerOnly
    hosted: Hosted

    @property
    def group(self) -> Consumer:
        return self.consumer  # pyright: ignore[reportReturnType]: the transport's own class

    def _crash(self, reason: BaseException) -> None:
        """Called from any thread when a service of this app has died."""
        super()._crash(reason)
        self.hosted.failed(reason)


def processor_app(settings: Settings, processor: str, hosted: Hosted, fetch: int = 1024 * 1024) -> ProcessorApp:
    """An app that joins the group `{namespace}{processor}` when it is started; `fetch` in bytes of a partition."""
    settings.data.mkdir(parents=True, exist_ok=True)  # Faust makes the last folder only
    made: Any = ProcessorApp(
        settings.named(processor),
        broker=[URL(f"playlog://{server}") for server in settings.kafka.split(",")],
        datadir=str(settings.data),
        store="memory://",
        web_enabled=False,
        autodiscover=False,
        broker_session_timeout=6.0,  # a killed worker's partitions move after this
        broker_heartbeat_interval=1.0,
        broker_rebalance_timeout=20.0,
        broker_commit_interval=2.0,
        stream_wait_empty=True,
        consumer_max_fetch_size=fetch,
    )
    made.hosted = hosted
    return made
