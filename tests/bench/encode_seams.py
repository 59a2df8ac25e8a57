"""Quality at seams: chunks against one encode of the whole, both seen by VMAF beside the source."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from processors.media.jobs import ChunkJob
from processors.media.model import Chunk
from tests.bench.encode_ours import probed, written
from tests.bench.encode_peers import FFMPEG

AFTER_S = 2  # how long after a seam its loss is looked for


class Seams(NamedTuple):
    """VMAF of the lowest rung: the loss of chunks in the mean, and in the mean of the 2 s after the worst seam."""

    whole: float
    chunked: float
    mean: float
    worst: float


def seams(clip: Path, folder: Path) -> Seams:
    """Encode a clip's lowest rung twice, whole and in the plan's chunks, and compare frame by frame."""
    about, planned = probed(clip)
    assert about.video is not None
    lowest = planned.rungs[:1]
    whole = [Chunk(index=0, start_ms=0, end_ms=None, first_number=0)]
    cut = [chunk.start_ms / 1000 for chunk in planned.chunks[1:]]
    one, many = (
        _scores(clip, folder / name, [ChunkJob(video_id="v", video=about.video, chunk=c, rungs=lowest) for c in chunks])
        for name, chunks in (("whole", whole), ("chunked", planned.chunks))
    )
    rate = about.video.frame_rate
    after = [slice(round(at * rate), round((at + AFTER_S) * rate)) for at in cut]
    return Seams(_mean(one), _mean(many), _mean(one) - _mean(many), max(_mean(one[s]) - _mean(many[s]) for s in after))


def _scores(clip: Path, folder: Path, jobs: Sequence[ChunkJob]) -> list[float]:
    """VMAF of each frame of the jobs' only rung."""
    folder.mkdir()
    for job in jobs:
        asyncio.run(written(job, clip, folder))
    (init,) = folder.glob("*-init.mp4")
    whole = folder / "whole.mp4"
    whole.write_bytes(b"".join(part.read_bytes() for part in [init, *sorted(folder.glob("*.m4s"))]))
    rung, log = jobs[0].rungs[0], folder / "vmaf.json"
    graph = f"[0:v]setpts=PTS-STARTPTS[a];[1:v]setpts=PTS-STARTPTS,scale={rung.width}:{rung.height}:flags=bicubic[b]"
    graph += f";[a][b]libvmaf=log_fmt=json:n_threads=2:log_path={log}"
    command = [FFMPEG, "-i", str(whole), "-i", str(clip), "-an", "-filter_complex", graph, "-f", "null", "-"]
    subprocess.run(command, check=True, capture_output=True)
    return [frame["metrics"]["vmaf"] for frame in json.loads(log.read_bytes())["frames"]]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
