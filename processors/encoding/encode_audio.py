"""Encode a track of sound, whole, and report its segments as they are stored.

In:      encode-tasks        (AudioRequested; share group): the default, which plays from the start
         encode-tasks-later  (SoundRequested; share group): other languages, 5.1, Opus
Out:     encode-reports      (AudioEncoded, SourceAwaited, TaskFailed)
Repeat:  safe: segments are named by their content and reported by (task, number); the fold takes the first report
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

import msgspec

from processors.encoding.failures import task_failed
from processors.encoding.still_wanted import still_wanted
from processors.encoding.stored import store_group
from processors.encoding.time_limits import LATER, START_SOUND
from processors.encoding.while_there import while_there
from processors.media.confined import confined
from processors.media.jobs import AudioJob
from processors.media.made import AudioDone, SegmentGroup
from processors.media.model import Track
from processors.media.tracks import SOUND
from processors.sources import source_of
from schemas.encode_reports import AudioEncoded, Loudness, SourceAwaited, TaskFailed
from schemas.encode_tasks import AudioRequested
from schemas.encode_tasks_later import SoundRequested
from streams.event import Event, natural_id
from streams.objects import Objects
from streams.processor import work
from streams.reshape import reshape
from streams.rows import Rows


@work(
    reads=[AudioRequested, SoundRequested],
    emits=[AudioEncoded, SourceAwaited, TaskFailed],
    failed=task_failed,
    time_limit={AudioRequested: START_SOUND, SoundRequested: LATER},
)
async def encode_audio(task: AudioRequested | SoundRequested, objects: Objects, rows: Rows) -> AsyncIterator[Event]:
    """Once and whole: an encoder's priming at every chunk's seam would be heard."""
    async with aclosing(while_there(task, _encoded(task, objects, rows))) as events:
        async for event in events:
            yield event


async def _encoded(task: AudioRequested | SoundRequested, objects: Objects, rows: Rows) -> AsyncGenerator[Event]:
    if not await still_wanted(rows, task):
        return
    track = track_of(task)
    job = reshape(task, AudioJob, stream=task.audio_stream, track=track)
    async with aclosing(confined(job, await source_of(task, objects))) as messages:
        async for made in messages:
            if isinstance(made, SegmentGroup):
                yield _report(task, track, made.number, segments=await store_group(objects, made))
            elif isinstance(made, AudioDone):
                yield _report(task, track, "total", segments=(), **total(made))


def total(made: AudioDone) -> dict[str, object]:
    """What is known at the end."""
    return {"total": len(made.numbers), "loudness": loudness(made), "concealed": made.concealed}


def track_of(task: AudioRequested | SoundRequested) -> Track:
    """The track that a task makes."""
    return msgspec.convert(msgspec.to_builtins(task.track), Track) if isinstance(task, SoundRequested) else SOUND


def loudness(made: AudioDone) -> Loudness:
    """How loud the track was, what it was raised by and how loud it is."""
    return Loudness(
        source_lufs=made.before.lufs,
        gain_db=made.gain_db,
        lufs=made.after.lufs,
        range_lu=made.after.range_lu,
        true_peak_db=made.after.peak_db,
    )


def _report(task: AudioRequested | SoundRequested, track: Track, name: int | str, **fields: object) -> Event:
    return reshape(task, AudioEncoded, event_id=natural_id(task.task_id, name), **{**fields, "track": track.name})
