"""What is made of a video under each policy."""

from __future__ import annotations

import msgspec
import pytest

from processors.media.model import Probe, VideoStream
from processors.media.plan import even_chunks, plan
from processors.media.policies import POLICIES, USUAL, PolicyName
from tests.unit.media.test_plan import video


def names(policy: PolicyName, stream: VideoStream) -> dict[str, list[str]]:
    """The renditions of each codec, in order."""
    rungs = plan(Probe(container="mp4", duration_ms=60_000, size_bytes=1, video=stream), policy).rungs
    codecs = dict.fromkeys(rung.codec for rung in rungs)
    return {codec: [rung.name for rung in rungs if rung.codec == codec] for codec in codecs}


def hdr(transfer: str) -> VideoStream:
    colours = {"primaries": "bt2020", "matrix": "bt2020nc", "bit_depth": 10, "pixel_format": "yuv420p10le"}
    return msgspec.structs.replace(video(1920, 1080), transfer=transfer, **colours)


def test_what_is_usual_is_h264_alone():
    assert names(USUAL, video(1280, 720)) == {"h264": ["360p", "540p", "720p"]}


def test_balanced_serves_bad_networks_and_spares_the_machine():
    assert names("balanced", video(1920, 1080)) == {
        "h264": ["234p", "360p", "540p", "720p", "1080p"],
        "vp9": ["360p-vp9", "540p-vp9", "720p-vp9"],
    }


def test_an_archive_has_every_codec_at_every_size():
    made = names("archive", video(3840, 2160))
    assert list(made) == ["h264", "vp9", "hevc", "av1"]
    assert all(made[codec][-1] == f"2160p-{codec}" for codec in ("vp9", "hevc", "av1"))


@pytest.mark.parametrize(("transfer", "codec"), [("smpte2084", "hevc-pq"), ("arib-std-b67", "hevc-hlg")])
def test_hdr_is_kept_in_h265_at_all_its_sizes_beside_sdr(transfer: str, codec: str):
    made = names("archive", hdr(transfer))
    assert list(made) == ["h264", "vp9", "hevc", codec, "av1"]
    assert made[codec] == [f"{name}-{codec.partition('-')[2]}" for name in made["hevc"]]


@pytest.mark.parametrize("policy", ["fast", "balanced"])
def test_where_no_h265_is_made_hdr_is_sdr(policy: PolicyName):
    assert not any(codec.startswith("hevc") for codec in names(policy, hdr("smpte2084")))


@pytest.mark.parametrize(("primaries", "matrix"), [("smpte432", "bt2020nc"), ("bt2020", "ictcp")])
def test_colours_that_hdr10_does_not_know_are_sdr_only(primaries: str, matrix: str):
    source = msgspec.structs.replace(hdr("smpte2084"), primaries=primaries, matrix=matrix)
    assert "hevc-pq" not in names("archive", source)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("size", [(320, 180), (177, 99), (640, 480), (1080, 1920), (2560, 1440)])
def test_no_rung_is_larger_than_the_source_and_names_are_told_apart(policy: PolicyName, size: tuple[int, int]):
    source = video(*size)
    rungs = plan(Probe(container="mp4", duration_ms=60_000, size_bytes=1, video=source), policy).rungs
    assert all(rung.width <= size[0] and rung.height <= size[1] for rung in rungs)
    assert len({rung.name for rung in rungs}) == len(rungs)


@pytest.mark.parametrize(
    ("size", "rate", "chunk_ms"), [((640, 360), 24, 30_000), ((1920, 1080), 30, 12_000), ((3840, 2160), 60, 6_000)]
)
def test_slow_chunks_are_shorter_where_there_is_more_to_encode(size: tuple[int, int], rate: float, chunk_ms: int):
    source = VideoStream(
        index=0, codec="h264", width=size[0], height=size[1], display_width=size[0], display_height=size[1],
        frame_rate=rate, pixel_format="yuv420p",
    )  # fmt: skip
    [first, *_] = plan(Probe(container="mp4", duration_ms=60_000, size_bytes=1, video=source), "archive").passes
    assert first.chunk_ms == chunk_ms


@pytest.mark.parametrize("duration_ms", [1, 5_999, 12_000, 61_000, 86_400_000])
def test_even_chunks_cover_the_video(duration_ms: int):
    cut = even_chunks(duration_ms, 12_000)
    assert (cut[0].start_ms, cut[-1].end_ms) == (0, None)
    assert all(chunk.end_ms == chunk.start_ms + 12_000 for chunk in cut[:-1])
    assert duration_ms - cut[-1].start_ms < 18_000
