"""Memory of an encode: the worker's side and the confined process's, at 2160p and over a hundred chunks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import psutil

from processors.media.jobs import ChunkJob
from tests.bench.encode_ours import chunk_jobs, made, probed
from tests.media_clips import Clip, make

EVERY_S = 0.05  # between two looks
CHUNKS = 100
LARGE = Clip(width=3840, height=2160, seconds=4, audio=None)
SMALL = Clip(width=640, height=360, seconds=6, audio=None)


class Held(NamedTuple):
    """Most resident megabytes: of the parent, and of the confined process."""

    parent: int
    child: int


def large(folder: Path) -> Held:
    """While a 2160p source goes to all its H.264 rungs."""
    clip = folder / "2160p.mp4"
    clip.write_bytes(make(LARGE))
    return asyncio.run(_watched(_jobs(clip), clip))[0]


def hundred(folder: Path) -> list[Held]:
    """Of each of a hundred chunks, one after another in one worker."""
    clip = folder / "360p.mp4"
    clip.write_bytes(make(SMALL))
    return asyncio.run(_watched(_jobs(clip) * CHUNKS, clip))


def _jobs(clip: Path) -> list[ChunkJob]:
    about, planned = probed(clip)
    return chunk_jobs(about, planned, planned.chunks)


async def _watched(jobs: Sequence[ChunkJob], clip: Path) -> list[Held]:
    return [await _one(job, clip) for job in jobs]


async def _one(job: ChunkJob, clip: Path) -> Held:
    worker, most = psutil.Process(), Held(0, 0)

    async def look() -> None:
        nonlocal most
        while True:
            children = [_resident(child) for child in worker.children(recursive=True)]
            most = Held(max(most.parent, _resident(worker)), max([most.child, *children]))
            await asyncio.sleep(EVERY_S)

    looking = asyncio.create_task(look())
    async for _ in made(job, clip):
        pass
    looking.cancel()
    return most


def _resident(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss >> 20
    except psutil.NoSuchProcess:
        return 0
