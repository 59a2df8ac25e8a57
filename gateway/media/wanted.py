"""Have renditions made again that were given up because nobody played them: now somebody does."""

from __future__ import annotations

import asyncio
import logging

from schemas.videos import ReencodeRequested
from streams.event import natural_id
from streams.log import Log, LogDown, Overloaded

MOST_KNOWN = 100_000
logger = logging.getLogger("playlog.gateway")


class Wanted:
    """Asks once for each encode; several gateways ask under one id, which the planner accepts once.

    Where that encode fails, what is there stays, and it is for an operator to ask again.
    """

    def __init__(self, log: Log) -> None:
        self._log = log
        self._asked: set[str] = set()
        self._asking: set[asyncio.Task[None]] = set()

    def again(self, video_id: str, encode_id: str) -> None:
        """Without waiting: the player has what is there. What the log did not take is asked with the next request."""
        if encode_id in self._asked:
            return
        if len(self._asked) >= MOST_KNOWN:
            self._asked.clear()
        self._asked.add(encode_id)
        asking = asyncio.create_task(self._ask(video_id, encode_id))
        self._asking.add(asking)
        asking.add_done_callback(self._asking.discard)

    async def _ask(self, video_id: str, encode_id: str) -> None:
        try:
            await self._log.post(ReencodeRequested(event_id=natural_id("wanted", encode_id), video_id=video_id))
        except (LogDown, Overloaded) as error:
            self._asked.discard(encode_id)
            logger.warning("renditions of video %s are wanted again, which the log does not take: %s", video_id, error)
