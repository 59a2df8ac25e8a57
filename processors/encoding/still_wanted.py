"""Whether an encode's task is still worth doing: a hint, looked up in a view; the fold decides all the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any, Protocol, TypeVar

from processors.encoding.tables import ENCODES
from streams.rows import Rows
from streams.sinks import SinkDown

OVER = ("cancelled", "failed")
EVERY_S = 2.0  # seconds after which a task in hand is looked at again
Made = TypeVar("Made")


class Task(Protocol):
    """A task of an encode; those for pictures name the rungs that they make."""

    @property
    def video_id(self) -> str: ...
    @property
    def encode_id(self) -> str: ...


async def still_wanted(rows: Rows, task: Task) -> bool:
    """False where the task's encode was cancelled or has failed, or nothing that it makes is wanted any more.

    Unknown is wanted.
    """
    try:
        encode = await rows.get(ENCODES, video_id=task.video_id)
    except SinkDown:
        return True
    return encode is None or wanted(encode, task)


def wanted(encode: Mapping[str, Any], task: Task) -> bool:
    """As the encode's row says; it may be behind the log, and not know the task's encode yet."""
    if encode["state"] == "cancelled":  # the video is deleted
        return False
    if task.encode_id == encode.get("next_encode_id"):
        return encode.get("next_state") not in OVER
    if task.encode_id != encode["encode_id"]:
        return True
    gone = {*(encode.get("dropped") or []), *(encode.get("trimmed") or [])}
    made = {rung.name for rung in getattr(task, "rungs", ())}
    return encode["state"] not in OVER and not (made and made <= gone)


async def while_wanted(rows: Rows, task: Task, making: AsyncGenerator[Made]) -> AsyncGenerator[Made]:
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
                        if not await still_wanted(rows, task):
                            return
                        due = loop.time() + EVERY_S
                if (made := coming.result()) is None:
                    return
            finally:
                coming.cancel()
                await asyncio.gather(coming, return_exceptions=True)
            yield made
