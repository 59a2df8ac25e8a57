"""What was shown goes into the log beside the answer, which does not depend on it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from aiokafka.errors import KafkaError

from gateway.measures import IMPRESSIONS_LOST
from schemas.impressions import RecommendationsShown
from streams.log import Log, LogDown, Overloaded

log = logging.getLogger("playlog.gateway")
PATIENCE = 0.1  # seconds that an answer waits for its impression


@dataclass
class Impressions:
    """Posts impressions. While the log is well, an answer's impression is confirmed before the answer is given."""

    log: Log
    _open: set[asyncio.Task[None]] = field(default_factory=set)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for those on their way: the log confirms or gives up in bounded time."""
        if self._open:
            await asyncio.wait(self._open)

    async def shown(self, event: RecommendationsShown) -> None:
        """Return once it is in the log, or after a moment; what is lost is logged and counted. Raises nothing."""
        posting = asyncio.create_task(self._post(event))
        self._open.add(posting)
        posting.add_done_callback(self._open.discard)
        await asyncio.wait({posting}, timeout=PATIENCE)

    async def _post(self, event: RecommendationsShown) -> None:
        try:
            await self.log.post(event)
        except (LogDown, Overloaded, KafkaError) as error:
            IMPRESSIONS_LOST.inc()
            log.warning("the impression of request %s is lost: %s", event.request_id, error)
