"""Jobs in their confined process: what they can't do, what they say, and how they end."""

from __future__ import annotations

import asyncio
import io
import signal
import subprocess
import sys
import textwrap
from functools import cache
from pathlib import Path

import av
import psutil
import pytest
from av.video.frame import VideoFrame

from processors.media import isolation
from processors.media.confined import confined, self_check
from processors.media.jobs import AudioJob, ChunkJob, PicturesJob, ProbeJob
from processors.media.limits import Crashed, LimitExceeded, Limits
from processors.media.made import AudioDone, ChunkDone, Made, PictureMade, Probed, SegmentGroup
from processors.media.model import Unplayable
from processors.media.plan import plan
from tests.media_clips import Clip, make
from tests.media_encode import probed

MIB = 1 << 20
ROOT = Path(__file__).parents[3]
KINDS = ["sheet", "storyboard", "preview"]


class Bytes:
    """A source in memory that remembers what was read."""

    def __init__(self, data: bytes) -> None:
        self.size = len(data)
        self.reads: list[tuple[int, int]] = []
        self._data = data

    async def read(self, offset: int, length: int) -> bytes:
        self.reads.append((offset, length))
        return self._data[offset : offset + length]


@cache
def clip() -> bytes:
    return make(Clip(width=640, height=360, seconds=7))


@cache
def long_work() -> bytes:
    """A second's work and more: it is not done before the test has looked."""
    return make(Clip(width=960, height=540, fps=60, seconds=6, audio=None))


def chunk_job(data: bytes) -> ChunkJob:
    about = probed(data)
    assert about.video is not None
    return ChunkJob(video_id="v", video=about.video, chunk=plan(about).chunks[0], rungs=plan(about).rungs)


async def made(job, source: Bytes, limits: Limits | None = None) -> list[Made]:
    return [message async for message in confined(job, source, limits)]


async def test_all_jobs_work_inside():
    source, about = Bytes(clip()), probed(clip())
    assert about.video is not None

    (found,) = await made(ProbeJob(), source)
    *groups, done = await made(chunk_job(clip()), source)
    *sound, heard = await made(AudioJob(video_id="v", stream=1, duration_ms=about.duration_ms), source)
    poster, *pictures = await made(PicturesJob(video_id="v", video=about.video, duration_ms=about.duration_ms), source)

    assert isinstance(found, Probed)
    assert found.probe == about
    assert [group.number for group in groups if isinstance(group, SegmentGroup)] == [0, 1, 2, 3]
    assert isinstance(done, ChunkDone)
    assert (done.frames, done.concealed, done.end_ms) == (168, 0, 7000)
    assert len(sound) == 4
    assert isinstance(heard, AudioDone)
    assert isinstance(poster, PictureMade)
    assert [one.picture.kind for one in pictures if isinstance(one, PictureMade)][-3:] == KINDS


async def test_nothing_can_be_opened_inside():
    inside = await self_check()

    assert not inside.opens_files
    assert not inside.opens_sockets
    assert not inside.starts_processes
    assert {"seccomp", "limits"} <= set(inside.layers)


async def test_without_bubblewrap_the_process_shuts_itself_in(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(isolation, "bubblewrap", tuple)

    inside = await self_check()

    assert "bubblewrap" not in inside.layers
    assert not inside.opens_files
    assert not inside.opens_sockets
    assert not inside.starts_processes
    assert isinstance((await made(ProbeJob(), Bytes(clip())))[0], Probed)


async def test_only_what_is_needed_of_a_large_source_is_read():
    padding = 64 * MIB
    source = Bytes(clip() + padding.to_bytes(4, "big") + b"free" + bytes(padding - 8))

    await made(ProbeJob(), source)

    assert len(source.reads) == len(set(source.reads))
    assert sum(length for _, length in source.reads) < 12 * MIB


async def test_a_playlist_reaches_nothing():
    reached: list[object] = []
    server = await asyncio.start_server(lambda reader, writer: reached.append(writer), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    playlist = f"#EXTM3U\n#EXTINF:6,\nhttp://127.0.0.1:{port}/a.ts\n#EXTINF:6,\nfile:///etc/passwd\n".encode()

    with pytest.raises(Unplayable) as refused:
        await made(ProbeJob(), Bytes(playlist))

    assert refused.value.code == "playlist"
    assert reached == []
    server.close()


async def test_a_bomb_meets_the_memory_limit():
    limits = Limits(memory_bytes=400 * MIB)

    with pytest.raises((LimitExceeded, Unplayable), match=r"memory|can be decoded"):
        await made(ProbeJob(), Bytes(bomb()), limits)

    assert isinstance((await made(ProbeJob(), Bytes(clip()), limits))[0], Probed)


def bomb() -> bytes:
    """Four MiB that are 400 MiB when they are decoded."""
    file = io.BytesIO()
    with av.open(file, "w", format="matroska") as container:
        stream = container.add_stream("mjpeg", rate=4)
        stream.width = stream.height = 8192
        stream.pix_fmt = "yuvj420p"
        frame = VideoFrame(8192, 8192, "yuvj420p")
        for frame.pts in range(4):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


@pytest.mark.parametrize(
    ("limits", "limit"),
    [(Limits(time_s=0.6), "time"), (Limits(output_bytes=20_000), "output"), (Limits(cpu_s=1), "cpu")],
    ids=["time", "output", "cpu"],
)
async def test_a_job_that_wants_more_is_ended(limits: Limits, limit: str):
    with pytest.raises(LimitExceeded) as ended:
        await made(chunk_job(long_work()), Bytes(long_work()), limits)

    assert ended.value.limit == limit
    assert children() == []


async def test_a_killed_process_is_a_crash():
    stream = confined(chunk_job(long_work()), Bytes(long_work()))
    await anext(stream)
    for child in children():
        child.kill()

    with pytest.raises(Crashed, match="SIGKILL"):
        [message async for message in stream]


async def test_leaving_early_ends_the_process():
    stream = confined(chunk_job(long_work()), Bytes(long_work()))
    assert isinstance(await anext(stream), SegmentGroup)
    assert children() != []

    await stream.aclose()

    assert children() == []


async def test_a_store_that_fails_is_not_the_sources_fault():
    class Failing(Bytes):
        async def read(self, offset: int, length: int) -> bytes:
            raise ConnectionError("the store is away")

    with pytest.raises(ConnectionError, match="the store is away"):
        await made(ProbeJob(), Failing(clip()))


def test_a_parent_that_is_killed_takes_the_process_with_it():
    program = textwrap.dedent("""
        import asyncio
        from processors.media.confined import confined
        from processors.media.jobs import ProbeJob

        class Hanging:
            size = 1000

            async def read(self, offset, length):
                print("reading", flush=True)
                await asyncio.sleep(600)

        async def main():
            async for _ in confined(ProbeJob(), Hanging()):
                pass

        asyncio.run(main())
    """)
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"reading\n"
    inside = psutil.Process(parent.pid).children(recursive=True)
    assert inside != []

    parent.send_signal(signal.SIGKILL)
    parent.wait()

    _, alive = psutil.wait_procs(inside, timeout=60)
    assert alive == []
    parent.stdout.close()


def children() -> list[psutil.Process]:
    """The confined processes of this test run, with what was put around them."""
    below = psutil.Process().children(recursive=True)
    return [one for one in below if any("processors.media.child" in part for part in command_of(one))]


def command_of(process: psutil.Process) -> list[str]:
    """Nothing of one that has ended while it was looked for."""
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []
