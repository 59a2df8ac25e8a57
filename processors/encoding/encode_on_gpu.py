"""Encode one chunk of a video that waited for a worker with a GPU. Others don't host this work.

In:      encode-tasks-gpu  (GpuChunkRequested; share group)
Out:     encode-reports    (SegmentsEncoded, ChunkEncoded, TaskFailed)
Repeat:  safe: as `encode_chunk`
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing

from processors.encoding.encode_chunk import encoded
from processors.encoding.failures import task_failed
from processors.encoding.time_limits import LATER
from processors.media.encoders import Encoders
from schemas.encode_reports import ChunkEncoded, SegmentsEncoded, TaskFailed
from schemas.encode_tasks_gpu import GpuChunkRequested
from streams.event import Event
from streams.objects import Objects
from streams.processor import work
from streams.rows import Rows


@work(
    reads=[GpuChunkRequested],
    emits=[SegmentsEncoded, ChunkEncoded, TaskFailed],
    failed=task_failed,
    time_limit=LATER,
)
async def encode_on_gpu(
    task: GpuChunkRequested, objects: Objects, rows: Rows, encoders: Encoders
) -> AsyncIterator[Event]:
    """Where the GPU fails after all, this worker's software makes the chunk."""
    async with aclosing(encoded(task, objects, rows, encoders)) as events:
        async for event in events:
            yield event
