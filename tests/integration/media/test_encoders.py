"""Which encoders a machine has, by trying them out where they would work; and a chunk that one of them fails."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import av.error
import pytest

from processors.media import encoders as probing
from processors.media import isolation, process
from processors.media.encoders import CUDA, DEVICE, SOFTWARE, Encoders, refusals
from processors.media.fall_back import GivenUp, Try, made_one_way
from processors.media.limits import Crashed
from processors.media.made import ChunkDone, Made, SegmentGroup
from processors.media.model import Unplayable, Way
from processors.media.trying import RUNG
from processors.media.video_codecs import HARDWARE
from tests.integration.media.test_confined import Bytes, chunk_job, clip

HERE = pytest.mark.skipif(isolation.devices() != [], reason="for machines without a GPU: there is one here")
STAND_IN = "/dev/null"  # of a device that is there, and is no GPU
BREAKING = """
import sys
sys.path.append(sys.argv[1])
from processors.media.rendition import RungEncoder
encode = RungEncoder.encode
def breaking(self, start, picture, key):
    if self._form.options.__name__ in {names!r} and self.rung.height > 300 and start * self._base > 3:
        {how}
    return encode(self, start, picture, key)
RungEncoder.encode = breaking
import processors.media.child as c
c.main(*map(int, sys.argv[2:]))
"""


def breaking(monkeypatch: pytest.MonkeyPatch, *forms: str, how: str = 'raise OSError(5, "driver lost")') -> None:
    """From now on these forms' encoders fail three seconds into the largest rung."""
    monkeypatch.setattr(process, "BOOT", BREAKING.format(names=set(forms), how=how))


async def tries(encoders: Encoders, data: bytes | None = None) -> tuple[list[Try], list[Made]]:
    """How a chunk is made of the clip."""
    said = [message async for message in made_one_way(chunk_job(clip()), Bytes(data or clip()), encoders)]
    return [one for one in said if isinstance(one, Try)], [one for one in said if not isinstance(one, Try)]


def numbers(made: list[Made]) -> list[int]:
    return [group.number for group in made if isinstance(group, SegmentGroup)]


async def test_software_encodes():
    assert await refusals(SOFTWARE) == dict.fromkeys(SOFTWARE, "")


@HERE
async def test_without_a_device_nothing_is_started_to_find_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(probing, "confined", None)

    assert set((await refusals(DEVICE)).values()) == {"no GPU: there is no /dev/nvidia*"}


@HERE
@pytest.mark.skipif(not isolation.bubblewrap(), reason="a GPU is used inside bubblewrap only")
async def test_a_device_that_is_no_gpu_is_tried_and_says_why_not(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(isolation, "DEVICES", STAND_IN)
    isolation.bubblewrap_with_devices.cache_clear()

    refused = await refusals(DEVICE)
    isolation.bubblewrap_with_devices.cache_clear()

    assert "Error" in refused["h264_nvenc"]
    assert refused[CUDA].startswith("cuda: ")
    assert Encoders(refused).ways("h264")[0] == Way(encoder="libx264")


@HERE
@pytest.mark.parametrize("codec", HARDWARE)
def test_a_gpus_encoder_knows_each_of_its_settings_and_lacks_only_the_gpu(codec: str):
    encoder, form = HARDWARE[codec]
    settings = form.options(RUNG)

    assert opening(encoder, settings) == "PermissionError"
    assert {opening(encoder, {**settings, name: "no such value"}) for name in settings} == {"ArgumentError"}
    assert opening(encoder, {**settings, "no-such-setting": "1"}) == "PermissionError"  # those are passed over


def opening(encoder: str, settings: dict[str, str]) -> str:
    """What it comes to: FFmpeg reads the settings before it looks for the device."""
    codec = av.CodecContext.create(encoder, "w")
    assert isinstance(codec, av.VideoCodecContext)
    codec.width, codec.height, codec.pix_fmt, codec.framerate = RUNG.width, RUNG.height, "yuv420p", Fraction(25)
    codec.options = settings
    with pytest.raises(av.error.FFmpegError) as refused:
        codec.open()
    return type(refused.value).__name__


@pytest.mark.parametrize(
    ("does", "why"), [("kill -SEGV $$", "SIGSEGV"), ("exec sleep 600", "longer than 0.1 s")], ids=["crashes", "hangs"]
)
async def test_an_encoder_takes_nothing_with_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, does: str, why: str):
    (program := tmp_path / "python").write_text(f"#!/bin/sh\n{does}\n")
    program.chmod(0o755)
    monkeypatch.setattr(isolation, "bubblewrap", tuple)
    monkeypatch.setattr(process.sys, "executable", str(program))
    monkeypatch.setattr(probing, "PATIENCE_S", 0.1 if why.startswith("longer") else 60.0)

    assert why in (await refusals(["libx264"]))["libx264"]


@HERE
@pytest.mark.skipif(not isolation.bubblewrap(), reason="a GPU is used inside bubblewrap only")
async def test_a_chunk_that_the_gpu_fails_is_made_by_software_and_the_gpu_not_asked_again():
    encoders = Encoders(dict.fromkeys(DEVICE, ""))  # as they were when the worker started

    (first, second), made = await tries(encoders)
    (again,), _ = await tries(encoders)

    assert first == Try(way=Way(encoder="h264_nvenc", decoder="cuda"), given_up=[])
    assert second.way == again.way == Way(encoder="libx264")
    assert [one.encoder for one in second.given_up] == ["h264_nvenc"]
    assert numbers(made) == [0, 1, 2, 3]
    assert isinstance(made[-1], ChunkDone)
    assert made[-1].frames == 168


@pytest.mark.parametrize("how", ['raise OSError(5, "driver lost")', "import os; os.abort()"], ids=["fails", "crashes"])
async def test_a_chunk_that_fails_on_one_encoder_is_made_by_another_from_its_start(
    monkeypatch: pytest.MonkeyPatch, how: str
):
    breaking(monkeypatch, "_x264", how=how)

    (first, second), made = await tries(Encoders({}))

    assert (first.way.encoder, second.way.encoder) == ("libx264", "libx264-plain")
    assert [(one.encoder, "driver lost" in one.error or "SIGABRT" in one.error) for one in second.given_up] == [
        ("libx264", True)
    ]
    done = made[-1]
    assert isinstance(done, ChunkDone)
    assert (numbers(made)[-4:], done.frames) == ([0, 1, 2, 3], 168)
    coded = [one.segment for group in made if isinstance(group, SegmentGroup) for one in group.coded]
    assert len({one.init_key for one in coded if one.rendition == "360p"}) == 1  # the same parameter sets


async def test_what_no_encoder_makes_fails_as_the_usual_one_did(monkeypatch: pytest.MonkeyPatch):
    breaking(monkeypatch, "_x264", "_x264_plain")

    with pytest.raises(Crashed, match=r"360p.*driver lost"):
        await tries(Encoders({}))


async def test_a_source_that_can_not_be_read_is_tried_once():
    with pytest.raises(Unplayable):
        await tries(Encoders({}), b"no video at all" * 100)


def test_what_was_given_up_is_told_in_the_event():
    from schemas.encode_reports import ChunkEncoded
    from streams.reshape import reshape

    given_up = [GivenUp(encoder="h264_nvenc", error="gone")]
    told = reshape(
        ChunkDone(frames=1, concealed=0, end_ms=1, exhausted=True, numbers=[]), ChunkEncoded, given_up=given_up,
        video_id="", encode_id="", chunk=0, segments=0, encoder="libx264", elapsed_ms=0,
    )  # fmt: skip

    assert [(one.encoder, one.error) for one in told.given_up] == [("h264_nvenc", "gone")]
