"""The encode of a video's start as in production: confined processes, two at a time, the source read by ranges."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import ExitStack
from pathlib import Path

from processors.media.confined import confined
from processors.media.jobs import AudioJob, ChunkJob, Job, ProbeJob
from processors.media.made import Made, Probed, SegmentGroup
from processors.media.model import Chunk, Plan, Probe
from processors.media.plan import plan

WORKERS = 2


class LocalRanges:
    """A file on disk, read by ranges."""

    def __init__(self, path: Path) -> None:
        self.size = path.stat().st_size
        self._descriptor = os.open(path, os.O_RDONLY)

    async def read(self, offset: int, length: int) -> bytes:
        return os.pread(self._descriptor, length, offset)

    def close(self) -> None:
        os.close(self._descriptor)


def our_seconds(clip: Path, folder: Path) -> float:
    """Probe, chunks and audio; the segments go to a folder."""
    begun = time.perf_counter()
    asyncio.run(_encode(clip, folder))
    return time.perf_counter() - begun


def probed(clip: Path) -> tuple[Probe, Plan]:
    (found,) = asyncio.run(_all_of(ProbeJob(), clip))
    assert isinstance(found, Probed)
    return found.probe, plan(found.probe)


def chunk_jobs(about: Probe, planned: Plan, chunks: Iterable[Chunk]) -> list[ChunkJob]:
    assert about.video is not None
    return [ChunkJob(video_id="v", video=about.video, chunk=chunk, rungs=planned.rungs) for chunk in chunks]


async def made(job: Job, clip: Path) -> AsyncIterator[Made]:
    """What a confined process makes of a file on disk."""
    with ExitStack() as stack:
        ranges = LocalRanges(clip)
        stack.callback(ranges.close)
        async for message in confined(job, ranges):
            yield message


async def written(job: Job, clip: Path, folder: Path) -> None:
    """Do the job; its objects are files of the folder, named by rendition and number."""
    async for message in made(job, clip):
        if isinstance(message, SegmentGroup):
            for coded in message.coded:
                (folder / f"{coded.segment.rendition}-{coded.segment.number:05}.m4s").write_bytes(coded.data)
                if coded.init:
                    (folder / f"{coded.segment.rendition}-init.mp4").write_bytes(coded.init)


async def _all_of(job: Job, clip: Path) -> list[Made]:
    return [message async for message in made(job, clip)]


async def _encode(clip: Path, folder: Path) -> None:
    (found,) = await _all_of(ProbeJob(), clip)
    assert isinstance(found, Probed)
    jobs: asyncio.Queue[Job] = asyncio.Queue()
    for job in _in_order(found.probe, plan(found.probe)):
        jobs.put_nowait(job)
    async with asyncio.TaskGroup() as workers:
        for _ in range(WORKERS):
            workers.create_task(_work(jobs, clip, folder))


def _in_order(about: Probe, planned: Plan) -> list[Job]:
    """The first chunk, the audio, the rest: as tasks are handed out."""
    first, *rest = chunk_jobs(about, planned, planned.chunks)
    if planned.audio_stream is None:
        return [first, *rest]
    return [first, AudioJob(video_id="v", stream=planned.audio_stream, duration_ms=planned.duration_ms), *rest]


async def _work(jobs: asyncio.Queue[Job], clip: Path, folder: Path) -> None:
    while not jobs.empty():
        await written(jobs.get_nowait(), clip, folder)
