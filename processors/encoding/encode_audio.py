"""Encode the audio track of a video, whole, and report its segments as they are stored.

In:      encode-tasks    (AudioRequested; share group)
Out:     encode-reports  (AudioEncoded, TaskFailed)
Repeat:  safe: segments are named by their content and reported by (task, number); the fold takes the first report
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing

from processors.encoding.failures import task_failed
from processors.encoding.still_wanted import still_wanted
from processors.encoding.stored import store_group
from processors.media.confined import confined
from processors.media.jobs import AudioJob
from processors.media.made import AudioDone, SegmentGroup
from schemas.encode_reports import AudioEncoded, Segment, TaskFailed
from schemas.encode_tasks import AudioRequested
from streams.event import Event, minutes, natural_id
from streams.objects import Objects
from streams.processor import work
from streams.reshape import reshape
from streams.rows import Rows


@work(reads=AudioRequested, emits=[AudioEncoded, TaskFailed], failed=task_failed, time_limit=minutes(9))
async def encode_audio(task: AudioRequested, objects: Objects, rows: Rows) -> AsyncIterator[Event]:
    """Once and whole: an encoder's priming at every chunk's seam would be heard."""
    if not await still_wanted(rows, task.video_id):
        return
    job = AudioJob(video_id=task.video_id, stream=task.audio_stream, duration_ms=task.duration_ms)
    async with aclosing(confined(job, await objects.source(task.store_key, task.etag))) as messages:
        async for made in messages:
            if isinstance(made, SegmentGroup):
                yield _report(task, made.number, await store_group(objects, made))
            elif isinstance(made, AudioDone):
                yield _report(task, "total", (), total=len(made.numbers))


def _report(task: AudioRequested, name: int | str, segments: tuple[Segment, ...], total: int | None = None) -> Event:
    return reshape(task, AudioEncoded, event_id=natural_id(task.task_id, name), segments=segments, total=total)
