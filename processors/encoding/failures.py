"""What the directing fold is told when a task of an encode failed."""

from __future__ import annotations

from processors.encoding.encode_failures import SOURCE_CHANGED, TOO_DEMANDING
from processors.encoding.encode_source import SOURCE_ARCHIVED
from processors.encoding.encode_tasks import AUDIO, LADDER, PICTURES, SOURCE, TEXTS, chunk_part
from processors.encoding.time_limits import NO_GPU, STARVED, starved
from processors.media.encoders import GpuLost
from processors.media.limits import LimitExceeded, RungFailed
from processors.media.model import Unplayable
from schemas.encode_reports import TaskFailed
from schemas.encode_tasks import AudioRequested, ChunkRequested, PicturesRequested
from schemas.encode_tasks_gpu import GpuChunkRequested
from schemas.encode_tasks_later import LadderRequested, PassChunkRequested, SoundRequested, TextsRequested
from schemas.storage_tasks import RestoreRequested
from streams.archive import NoArchive
from streams.event import Event, natural_id
from streams.reshape import reshape
from streams.store_errors import Archived, Changed, Missing

Task = (
    ChunkRequested
    | AudioRequested
    | PicturesRequested
    | PassChunkRequested
    | GpuChunkRequested
    | LadderRequested
    | SoundRequested
    | TextsRequested
    | RestoreRequested
)


Chunk = ChunkRequested | PassChunkRequested | GpuChunkRequested
PERMANENT = (Unplayable, LimitExceeded, Changed, Missing, NoArchive)


def part_of(task: Task) -> str:
    """The part of the encode that a task makes."""
    match task:
        case ChunkRequested() | PassChunkRequested() | GpuChunkRequested():
            return chunk_part(task.chunk.index, task.rungs[0].codec)
        case LadderRequested():
            return LADDER
        case AudioRequested():
            return AUDIO
        case SoundRequested():
            return task.track.name
        case TextsRequested():
            return TEXTS
        case PicturesRequested():
            return PICTURES
        case RestoreRequested():
            return SOURCE


def task_failed(task: Task, error: BaseException) -> Event:
    """A fault of the source is permanent: another worker would find the same."""
    return reshape(
        task,
        TaskFailed,
        event_id=natural_id(task.task_id, "failed", task.attempt),
        part=part_of(task),
        code=STARVED if starved(task, error) else _code(error),
        error=str(error) or type(error).__name__,
        permanent=isinstance(error, PERMANENT),
        rung=error.rung if isinstance(error, RungFailed) else None,
        rungs=[rung.name for rung in task.rungs] if isinstance(task, Chunk) else [],
    )


def _code(error: BaseException) -> str:
    if isinstance(error, Unplayable):
        return error.code
    if isinstance(error, LimitExceeded):
        return TOO_DEMANDING
    if isinstance(error, Archived):
        return SOURCE_ARCHIVED
    if isinstance(error, GpuLost):
        return NO_GPU
    return SOURCE_CHANGED if isinstance(error, (Changed, Missing)) else "worker_failed"
