"""What a confined job may use, and what happens when it wants more."""

from __future__ import annotations

from processors.media.colour import keeps_hdr
from processors.media.jobs import ChunkJob, Job, LadderJob
from processors.media.model import Value

GIB = 1 << 30
LARGE_LINES = 1440  # pictures higher than this need more memory
CHUNK_CPU_S = 1800  # ten times what a chunk is cut for


class LimitExceeded(Exception):
    """The job needed more than it was given. `limit` is "memory", "cpu", "time" or "output"."""

    def __init__(self, limit: str, message: str) -> None:
        super().__init__(message)
        self.limit = limit


class Crashed(Exception):
    """The process ended by itself: a bug in a decoder, or ours."""


class RungFailed(Crashed):
    """The encoder of one rung failed, not the decoder, and not the others."""

    def __init__(self, rung: str, message: str) -> None:
        super().__init__(f"{rung}: {message}")
        self.rung = rung


class DeviceFailed(Crashed):
    """A device could not decode the source: software may, or can at least conceal what is damaged."""


class Limits(Value, frozen=True, kw_only=True):
    """What a job may use. `time_s` is the process's own time: waiting for the source or the reader is not counted."""

    memory_bytes: int = 2 * GIB
    cpu_s: int = 3600
    time_s: float = 3600
    output_bytes: int = 8 * GIB


def limits_for(job: Job) -> Limits:
    """The usual limits; more memory for large pictures: measured, 1080p takes 0.7 GiB, 2160p 1.6 to 2.0, in HDR 4.7.

    A chunk is too much by its processor time: by the clock it only waits for others.
    """
    if not isinstance(job, ChunkJob | LadderJob):
        return Limits()
    large = max(rung.height for rung in job.rungs) > LARGE_LINES
    memory = 2 if not large else 6 if keeps_hdr(job.rungs) else 4
    return Limits(memory_bytes=memory * GIB, cpu_s=CHUNK_CPU_S)
