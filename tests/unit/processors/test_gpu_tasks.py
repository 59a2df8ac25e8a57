"""What a task says of GPUs, and which worker takes it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from types import SimpleNamespace
from typing import cast

import pytest

from deploy.worker import NoGpu, hosted
from processors.encoding import encode_on_gpu as module
from processors.encoding.encode_chunk import WITHOUT_GPU, encode_chunk
from processors.encoding.encode_on_gpu import encode_on_gpu
from processors.encoding.encode_tasks import chunk_part, rungs_of, task
from processors.encoding.failures import task_failed
from processors.encoding.plan_encode import planned
from processors.encoding.time_limits import NO_GPU, STARVED, tries
from processors.media.encoders import Encoders, GpuLost
from processors.media.policies import PolicyName
from processors.media.tracks import GPU_CODECS
from processors.media.video_codecs import FORMS, HARDWARE, PLAIN
from schemas.encode_reports import EncodePlanned, TaskFailed
from schemas.encode_tasks import ChunkRequested
from schemas.encode_tasks_gpu import GpuChunkRequested
from schemas.encode_tasks_later import PassChunkRequested
from schemas.videos import VideoProbed, VideoStream
from streams.event import Event
from streams.task_run import TimeLimit

HD = VideoStream(
    index=0, codec="h264", width=1280, height=720, display_width=1280, display_height=720, rotation=0,
    sample_aspect_ratio="1:1", frame_rate=25.0, variable_frame_rate=False, pixel_format="yuv420p", bit_depth=8,
    interlaced=False, start_ms=0,
)  # fmt: skip


def plan(policy: PolicyName) -> EncodePlanned:
    probed = VideoProbed(
        video_id="v", store_key="sources/v", size_bytes=1, etag="e", container="mp4", duration_ms=10_000, video=HD
    )
    return planned(probed, policy, "00000000-0000-0000-0000-000000000001")


def asked(policy: PolicyName, codec: str = "h264") -> Event:
    return task(plan(policy), chunk_part(0, codec), 1)


def test_the_start_is_for_every_worker_and_says_what_a_gpu_may_do():
    starts = {policy: asked(policy) for policy in ("fast", "balanced", "archive", "hardware")}

    assert {policy: one.gpu for policy, one in starts.items() if isinstance(one, ChunkRequested)} == {
        "fast": "prefer", "balanced": "prefer", "archive": "never", "hardware": "require",
    }  # fmt: skip


@pytest.mark.parametrize("codec", ["hevc", "av1"])
def test_what_requires_a_gpu_goes_to_workers_that_have_one(codec: str):
    later = asked("hardware", codec)

    assert isinstance(later, GpuChunkRequested)
    assert [rung.name for rung in later.rungs] == [rung.name for rung in rungs_of(plan("hardware"), codec)]
    assert type(asked("archive", codec)) is PassChunkRequested


def test_a_worker_hosts_what_it_has_the_hardware_for():
    with_gpu = Encoders(dict.fromkeys(["h264_nvenc", "hevc_nvenc", "av1_nvenc", "cuda"], ""))
    only_decodes = Encoders({"h264_nvenc": "180p: OSError()", "cuda": ""})

    assert hosted([encode_chunk, encode_on_gpu], with_gpu) == [encode_chunk, encode_on_gpu]
    assert hosted([encode_chunk, encode_on_gpu], only_decodes) == [encode_chunk]
    with pytest.raises(NoGpu, match="playlog doctor"):
        hosted([encode_on_gpu], WITHOUT_GPU)


class Machine(Encoders):
    """One whose GPU stopped working; a look finds out how it is now."""

    def __init__(self, now: str) -> None:
        super().__init__({"h264_nvenc": "crashed"})
        self.now = now

    async def look(self) -> None:
        self.refused = {"h264_nvenc": self.now}


async def made(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What is made of a task on it, and the pauses."""
    said = list[object]()

    async def sleep(seconds: float) -> None:
        said.append(seconds)

    async def encoded(*_: object) -> AsyncGenerator[Event]:
        yield asked("hardware", "hevc")

    monkeypatch.setattr(module, "asyncio", SimpleNamespace(sleep=sleep))
    monkeypatch.setattr(module, "encoded", encoded)
    try:
        async for event in encode_on_gpu.function(asked("hardware", "hevc"), None, None, machine):
            said.append(type(event))
    except GpuLost as error:
        failed = task_failed(cast(GpuChunkRequested, asked("hardware", "hevc")), error)
        said.append(failed)
    return said


async def test_a_gpu_that_works_again_is_found(monkeypatch: pytest.MonkeyPatch):
    assert await made(Machine(""), monkeypatch) == [GpuChunkRequested]


async def test_without_a_gpu_a_task_is_left_to_another_worker(monkeypatch: pytest.MonkeyPatch):
    pause, failed = await made(Machine("no driver"), monkeypatch)

    assert pause == module.PAUSE_S
    assert isinstance(failed, TaskFailed)
    assert (failed.code, failed.permanent) == (NO_GPU, False)
    assert "(h264_nvenc: no driver)" in failed.error
    assert tries(NO_GPU) > tries("worker_failed")


def test_what_waits_for_a_gpu_may_lack_time_alone():
    late = task_failed(cast(GpuChunkRequested, asked("hardware", "hevc")), TimeLimit("late"))

    assert isinstance(late, TaskFailed)
    assert late.code == STARVED


def test_every_codec_has_another_way():
    assert tuple(HARDWARE) == GPU_CODECS
    assert set(PLAIN) == {codec for codec in FORMS if not codec.startswith("hevc-")}  # HDR: the usual way alone
