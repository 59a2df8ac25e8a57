"""Open the source that a task names: the whole object, or what is there of one that is still arriving."""

from __future__ import annotations

from processors.media.blocks import Ranges
from schemas.encode_tasks import AudioRequested, ChunkRequested
from schemas.encode_tasks_gpu import GpuChunkRequested
from schemas.encode_tasks_later import PassChunkRequested, SoundRequested
from schemas.probe_tasks import ProbeRequested
from streams.arriving import NotThere, arriving
from streams.held_parts import Held
from streams.objects import Objects
from streams.store_errors import Changed, Missing

Early = ProbeRequested | ChunkRequested | AudioRequested
Task = Early | PassChunkRequested | GpuChunkRequested | SoundRequested
NOT_YET = (NotThere, Changed, Missing)  # the parts go as soon as they are joined


async def source_of(task: Task, objects: Objects) -> Ranges:
    """What to read from. What is made of parts without asking for one that lacks would be made of the whole, too.

    Raises Missing or Changed where the object, or the parts, are not those that the task names.
    """
    if not isinstance(task, Early) or not task.part_size:
        return await objects.source(task.store_key, task.etag)
    held = Held(task.held_parts, task.parts_digest)
    return await arriving(objects, task.store_key, task.size, task.part_size, held)
