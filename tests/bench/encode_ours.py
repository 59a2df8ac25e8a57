"""The whole encode against the ffmpeg command line: same source, same rungs, same caps, key frames every two seconds.

`python -m tests.bench.encode_vs_ffmpeg [CLIP] [RUNS]` prints both medians and the ratio (below 1: we are faster).
Ours runs as in production: confined processes, two at a time, the source read by ranges; segments go to a folder.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path

import imageio_ffmpeg

from processors.media.boundaries import GOP_MS
from processors.media.confined import confined
from processors.media.jobs import AudioJob, ChunkJob, Job, ProbeJob
from processors.media.made import Probed, SegmentGroup
from processors.media.model import Plan, Probe, Rung
from processors.media.plan import plan
from processors.media.sample import write_sample

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


def ratio(clip: Path, runs: int = 3) -> float:
    """Our median time over ffmpeg's, runs taken in turn."""
    ours, theirs = zip(*measure(clip, runs), strict=True)
    return statistics.median(ours) / statistics.median(theirs)


def measure(clip: Path, runs: int) -> Iterator[tuple[float, float]]:
    """Seconds of both, run by run."""
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            yield our_seconds(clip, Path(folder)), ffmpeg_seconds(clip, Path(folder))


def our_seconds(clip: Path, folder: Path) -> float:
    """Probe, chunks and audio, written to a folder."""
    begun = time.perf_counter()
    asyncio.run(_encode(clip, folder))
    return time.perf_counter() - begun


def ffmpeg_seconds(clip: Path, folder: Path) -> float:
    """The same by one ffmpeg process, as DASH with HLS playlists."""
    command = ffmpeg_command(clip, folder)
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begun


async def probed(clip: Path) -> tuple[Probe, Plan]:
    with ExitStack() as stack:
        ranges = LocalRanges(clip)
        stack.callback(ranges.close)
        (found,) = [message async for message in confined(ProbeJob(), ranges)]
    assert isinstance(found, Probed)
    return found.probe, plan(found.probe)


async def _encode(clip: Path, folder: Path) -> None:
    about, planned = await probed(clip)
    jobs: asyncio.Queue[Job] = asyncio.Queue()
    for job in _jobs(about, planned):
        jobs.put_nowait(job)
    async with asyncio.TaskGroup() as workers:
        for _ in range(WORKERS):
            workers.create_task(_work(jobs, clip, folder))


def _jobs(about: Probe, planned: Plan) -> Iterator[Job]:
    """The first chunk, the audio, the rest: the order in which tasks are handed out."""
    assert about.video is not None
    chunks = [ChunkJob(video_id="v", video=about.video, chunk=c, rungs=planned.rungs) for c in planned.chunks]
    yield chunks[0]
    if planned.audio_stream is not None:
        yield AudioJob(video_id="v", stream=planned.audio_stream, duration_ms=planned.duration_ms)
    yield from chunks[1:]


async def _work(jobs: asyncio.Queue[Job], clip: Path, folder: Path) -> None:
    while not jobs.empty():
        ranges = LocalRanges(clip)
        async for message in confined(jobs.get_nowait(), ranges):
            if isinstance(message, SegmentGroup):
                for coded in message.coded:
                    (folder / coded.segment.key.replace("/", "-")).write_bytes(coded.data)
        ranges.close()


def ffmpeg_command(clip: Path, folder: Path) -> list[str]:
    """The command for a clip; needs its ladder, so the clip is probed."""
    about, planned = asyncio.run(probed(clip))
    assert about.video is not None
    rungs = planned.rungs[::-1]
    gop = round(Fraction(about.video.frame_rate) * GOP_MS / 1000)
    pads = "".join(f"[p{n}]" for n in range(len(rungs)))
    scaled = [f"[p{n}]scale={r.width}:{r.height}:flags=bicubic,format=yuv420p[v{n}]" for n, r in enumerate(rungs)]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-i", str(clip)]
    command += ["-filter_complex", ";".join([f"[0:v]split={len(rungs)}{pads}", *scaled])]
    for n in range(len(rungs)):
        command += ["-map", f"[v{n}]", *_cap(n, rungs[n])]
    command += ["-map", "0:a?", "-c:v", "libx264", "-preset", "veryfast", "-crf", str(rungs[0].crf)]
    command += ["-g", str(gop), "-keyint_min", str(gop), "-sc_threshold", "0", "-flags", "+cgop"]
    command += ["-c:a", "aac", "-b:a", "128k", "-ac", "2", "-ar", "48000"]
    command += ["-f", "dash", "-seg_duration", "6", "-use_template", "1", "-use_timeline", "1", "-hls_playlist", "1"]
    sets = "id=0,streams=v id=1,streams=a" if planned.audio else "id=0,streams=v"
    return [*command, "-adaptation_sets", sets, str(folder / "manifest.mpd")]


def _cap(n: int, rung: Rung) -> list[str]:
    return [f"-maxrate:v:{n}", f"{rung.max_kbps}k", f"-bufsize:v:{n}", f"{rung.max_kbps * 3 // 2}k"]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "sample.mp4"
        if len(sys.argv) < 2:
            write_sample(str(clip))
        pairs = list(measure(clip, int(sys.argv[2]) if len(sys.argv) > 2 else 3))
    ours, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(f"playlog {ours:.2f} s, ffmpeg {theirs:.2f} s, ratio {ours / theirs:.2f}, runs {pairs}")


if __name__ == "__main__":
    main()
