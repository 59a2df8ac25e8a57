"""Whether an encode's task is still worth doing: a hint, looked up in a view; the fold decides all the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TypeVar

from processors.encoding.tables import ENCODES
from streams.rows import Rows
from streams.sinks import SinkDown

OVER = ("cancelled", "failed")
EVERY_S = 2.0  # seconds after which a task in hand is looked at again
Made = TypeVar("Made")


async def still_wanted(rows: Rows, video_id: str) -> bool:
    """False where the video's encode was cancelled or has failed. Unknown is wanted."""
    try:
        encode = await rows.get(ENCODES, video_id=video_id)
    except SinkDown:
        return True
    return encode is None or encode["state"] not in OVER


async def while_wanted(rows: Rows, video_id: str, making: AsyncGenerator[Made]) -> AsyncGenerator[Made]:
    """What is made, for as long as it is wanted; then `making` is closed, which stops its process within seconds."""
    loop = asyncio.get_running_loop()
    async with aclosing(making):
        due = loop.time() + EVERY_S
        while True:
            coming = asyncio.ensure_future(anext(making, None))
            try:
                while not coming.done():
                    await asyncio.wait({coming}, timeout=max(0.0, due - loop.time()))
                    if loop.time() >= due:
                        if not await still_wanted(rows, video_id):
                            return
                        due = loop.time() + EVERY_S
                if (made := coming.result()) is None:
                    return
            finally:
                coming.cancel()
                await asyncio.gather(coming, return_exceptions=True)
            yield made
