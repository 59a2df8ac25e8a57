"""Work on a source for as far as it has arrived."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from processors.encoding.failures import part_of
from processors.sources import NOT_YET
from schemas.encode_reports import SourceAwaited
from schemas.encode_tasks import AudioRequested, ChunkRequested
from schemas.encode_tasks_later import PassChunkRequested, SoundRequested
from streams.arriving import NotThere
from streams.event import Event, natural_id
from streams.reshape import reshape


async def while_there(
    task: ChunkRequested | AudioRequested | PassChunkRequested | SoundRequested, making: AsyncGenerator[Event]
) -> AsyncGenerator[Event]:
    """What is made; where it needs what is not there yet, this is told at last, and no failure."""
    try:
        async with aclosing(making):
            async for event in making:
                yield event
    except NOT_YET as error:
        if not isinstance(task, ChunkRequested | AudioRequested) or not task.part_size:
            raise
        yield reshape(
            task,
            SourceAwaited,
            event_id=natural_id(task.task_id, "awaits", task.parts_digest),
            part=part_of(task),
            offset=error.offset if isinstance(error, NotThere) else task.size,
        )
