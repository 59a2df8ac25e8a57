"""Look into a source and say what it holds, or why it can't be played.

In:      probe-tasks    (ProbeRequested; share group)
Out:     probe-reports  (SourceProbed, SourceUnplayable, ProbeFailed)
Repeat:  safe: the settling fold accepts the first verdict

Of a source that is still arriving only what it holds is told. Why it can't be played is told of the whole one alone.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing

from processors.media.confined import confined
from processors.media.jobs import ProbeJob
from processors.media.limits import LimitExceeded
from processors.media.made import Probed
from processors.media.model import Unplayable
from processors.sources import NOT_YET, source_of
from schemas.probe_reports import ProbeFailed, SourceProbed, SourceUnplayable
from schemas.probe_tasks import ProbeRequested
from streams.event import Event, minutes, natural_id
from streams.held_parts import Held
from streams.objects import Objects
from streams.processor import work
from streams.reshape import reshape


def probe_failed(task: ProbeRequested, error: BaseException) -> Event:
    """What the settling fold is told when no verdict was reached."""
    event_id = natural_id(task.task_id, "failed", task.attempt)
    text = str(error) or type(error).__name__
    arriving = bool(task.part_size)
    return ProbeFailed(event_id=event_id, video_id=task.video_id, error=text, attempt=task.attempt, arriving=arriving)


@work(
    reads=ProbeRequested,
    emits=[SourceProbed, SourceUnplayable, ProbeFailed],
    failed=probe_failed,
    time_limit=minutes(3),
)
async def probe_source(task: ProbeRequested, objects: Objects) -> AsyncIterator[Event]:
    """The file is opened in a confined process: nothing is known of it yet."""
    try:
        source = await source_of(task, objects)
        async with aclosing(confined(ProbeJob(by_index=_lacks_end(task)), source)) as messages:
            async for made in messages:
                if isinstance(made, Probed):
                    event_id = natural_id(task.task_id, "probed")
                    found = {"video_id": task.video_id, "event_id": event_id, "arriving": bool(task.part_size)}
                    yield reshape(made.probe, SourceProbed, **found)
    except (Unplayable, LimitExceeded, *NOT_YET) as fault:
        if not task.part_size:
            yield _refusal(task, fault)


def _lacks_end(task: ProbeRequested) -> bool:
    """Whether the last part of a source that is still arriving isn't there."""
    return task.part_size > 0 and -(-task.size // task.part_size) not in Held(task.held_parts)


def _refusal(task: ProbeRequested, fault: Exception) -> Event:
    """Why the source can't become a video."""
    match fault:
        case Unplayable():
            return _unplayable(task, fault.code, fault.message)
        case LimitExceeded():
            told = f"{fault} Export the video at a smaller size and upload it again."
            return _unplayable(task, "too_demanding", told)
        case _:
            told = "The file was replaced after it was uploaded. Upload it again."
            return _unplayable(task, "source_changed", told)


def _unplayable(task: ProbeRequested, code: str, reason: str) -> Event:
    event_id = natural_id(task.task_id, "unplayable")
    return SourceUnplayable(event_id=event_id, video_id=task.video_id, code=code, reason=reason)
