"""Encode one chunk of a video that waited for a worker with a GPU. Others don't host this work.

In:      encode-tasks-gpu  (GpuChunkRequested; share group)
Out:     encode-reports    (SegmentsEncoded, ChunkEncoded, TaskFailed)
Repeat:  safe: as `encode_chunk`

A worker whose GPU stopped working gives tasks back for others, one at a time and slowly, or it would take them all.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

from processors.encoding.encode_chunk import encoded
from processors.encoding.failures import task_failed
from processors.encoding.time_limits import LATER
from processors.media.encoders import Encoders, GpuLost
from schemas.encode_reports import ChunkEncoded, SegmentsEncoded, TaskFailed
from schemas.encode_tasks_gpu import GpuChunkRequested
from streams.event import Event
from streams.objects import Objects
from streams.processor import work
from streams.rows import Rows

PAUSE_S = 60.0  # that a task is kept from a worker which would give it back at once


@work(
    reads=[GpuChunkRequested],
    emits=[SegmentsEncoded, ChunkEncoded, TaskFailed],
    failed=task_failed,
    time_limit=LATER,
)
async def encode_on_gpu(
    task: GpuChunkRequested, objects: Objects, rows: Rows, encoders: Encoders
) -> AsyncIterator[Event]:
    """Where the GPU fails in the midst of it, this worker's software makes the chunk; raises GpuLost for the next."""
    if not encoders.any_device:
        await _looked(encoders)
    async with aclosing(encoded(task, objects, rows, encoders)) as events:
        async for event in events:
            yield event


async def _looked(encoders: Encoders) -> None:
    """Look whether a device works again."""
    await encoders.look()
    if not encoders.any_device:
        await asyncio.sleep(PAUSE_S)
        why = "; ".join(f"{name}: {refusal}" for name, refusal in encoders.refused.items() if refusal)
        raise GpuLost(f"no GPU of this worker encodes any more ({why}); run `playlog doctor` there")
