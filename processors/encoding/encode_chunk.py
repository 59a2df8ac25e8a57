"""Encode one chunk of a video to every rung of a codec, and report each segment as it is stored.

In:      encode-tasks        (ChunkRequested; share group)
         encode-tasks-later  (PassChunkRequested; share group)
Out:     encode-reports      (SegmentsEncoded, ChunkEncoded, SourceAwaited, TaskFailed)
Repeat:  safe: segments are named by their content and reported by (task, number); the fold takes the first report
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from processors.encoding.failures import task_failed
from processors.encoding.still_wanted import still_wanted, while_wanted
from processors.encoding.stored import store_group
from processors.encoding.time_limits import LATER, START_CHUNK
from processors.encoding.while_there import while_there
from processors.media.encoders import Encoders
from processors.media.fall_back import Try, made_one_way
from processors.media.jobs import ChunkJob
from processors.media.made import ChunkDone, SegmentGroup
from processors.media.model import USUAL_WAY
from processors.sources import source_of
from schemas.encode_reports import ChunkEncoded, SegmentsEncoded, SourceAwaited, TaskFailed
from schemas.encode_tasks import ChunkRequested
from schemas.encode_tasks_gpu import GpuChunkRequested
from schemas.encode_tasks_later import PassChunkRequested
from streams.event import Event, natural_id
from streams.objects import Objects
from streams.processor import work
from streams.reshape import reshape
from streams.rows import Rows

WITHOUT_GPU = Encoders({})


@work(
    reads=[ChunkRequested, PassChunkRequested],
    emits=[SegmentsEncoded, ChunkEncoded, SourceAwaited, TaskFailed],
    failed=task_failed,
    time_limit={ChunkRequested: START_CHUNK, PassChunkRequested: LATER},
)
async def encode_chunk(
    task: ChunkRequested | PassChunkRequested, objects: Objects, rows: Rows, encoders: Encoders
) -> AsyncIterator[Event]:
    """One decode for all rungs, in a confined process, by the best encoder of this machine that makes the chunk.

    A report only for what the store has confirmed.
    """
    allowed = encoders if task.gpu != "never" else WITHOUT_GPU
    async with aclosing(while_there(task, encoded(task, objects, rows, allowed))) as events:
        async for event in events:
            yield event


async def encoded(
    task: ChunkRequested | PassChunkRequested | GpuChunkRequested, objects: Objects, rows: Rows, encoders: Encoders
) -> AsyncGenerator[Event]:
    """The reports of a chunk."""
    if not await still_wanted(rows, task):
        return
    started, codec, tried = time.monotonic(), task.rungs[0].codec, Try(way=USUAL_WAY, given_up=[])
    job, source = reshape(task, ChunkJob), await source_of(task, objects)
    async with aclosing(while_wanted(rows, task, made_one_way(job, source, encoders))) as messages:
        async for made in messages:
            if isinstance(made, Try):
                tried = made
            elif isinstance(made, SegmentGroup):
                yield reshape(
                    task,
                    SegmentsEncoded,
                    event_id=natural_id(task.task_id, "segments", made.number),
                    chunk=task.chunk.index,
                    codec=codec,
                    encoder=tried.way.encoder,
                    segments=await store_group(objects, made),
                )
            elif isinstance(made, ChunkDone):
                yield reshape(
                    task,
                    ChunkEncoded,
                    event_id=natural_id(task.task_id, "done"),
                    chunk=task.chunk.index,
                    codec=codec,
                    encoder=tried.way.encoder,
                    decoder=tried.way.decoder,
                    given_up=tried.given_up,
                    segments=len(made.numbers),
                    frames=made.frames,
                    concealed=made.concealed,
                    elapsed_ms=round(1000 * (time.monotonic() - started)),
                )
