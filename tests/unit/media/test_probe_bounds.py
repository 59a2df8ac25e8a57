"""What a crafted file says of itself stays small enough for an event."""

from __future__ import annotations

import io
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

import av
import msgspec
from av.container import OutputContainer
from av.video.frame import VideoFrame

from processors.media.contents import TAGS
from processors.media.model import Probe
from tests.media_encode import probed

if TYPE_CHECKING:
    from av.container.core import Chapter  # of the stubs only

LONG = "\N{GRINNING FACE}" * 3000  # four bytes each


def muxed(container: OutputContainer, more: int = 0) -> None:
    """Four small pictures, and as many empty tracks of sound and of subtitles as said."""
    video = container.add_stream("mpeg4", rate=24)
    video.width = video.height = 64
    for _ in range(more):
        container.add_stream("pcm_s16le", rate=8000, layout="mono").metadata.update(language=LONG, title=LONG)
        container.add_mux_stream("subrip").metadata["language"] = LONG
    frame = VideoFrame(64, 64, "yuv420p")
    for frame.pts in range(4):
        container.mux(video.encode(frame))
    container.mux(video.encode(None))


def chapter(number: int, start: int, end: int, title: str) -> Chapter:
    """Times in milliseconds."""
    return {
        "id": number + 1, "start": start, "end": end, "time_base": Fraction(1, 1000), "metadata": {"title": title},
    }  # fmt: skip


@cache
def crafted() -> bytes:
    """A small picture, and as much about it as a Matroska file can hold."""
    file = io.BytesIO()
    with av.open(file, "w", format="matroska") as container:
        container.metadata.update(dict.fromkeys(TAGS, LONG))
        container.set_chapters([chapter(n, n, n + 1, LONG) for n in range(2500)])
        muxed(container, 60)
    return file.getvalue()


def about() -> Probe:
    return probed(crafted())


def test_a_probe_fits_into_an_event_whatever_the_file_says():
    assert len(crafted()) > 5_000_000
    assert 50_000 < len(msgspec.msgpack.encode(about())) < 200_000


def test_the_first_of_everything_are_kept_and_cut():
    assert len(about().chapters) == 200
    assert {chapter.title for chapter in about().chapters} == {LONG[:100]}
    assert len(about().audio) + len(about().subtitles) == 63
    assert {stream.language for stream in (*about().audio, *about().subtitles)} == {LONG[:25]}
    assert {stream.title for stream in about().audio} == {LONG[:100]}
    assert about().tags["title"] == LONG[:500]


def test_times_that_no_video_has_become_ones_that_an_event_holds():
    file = io.BytesIO()
    with av.open(file, "w", format="matroska") as container:
        container.set_chapters([chapter(0, 0, 2**62 // 10**6, "Late")])
        muxed(container)

    (late,) = probed(file.getvalue()).chapters

    assert (late.start_ms, late.end_ms) == (0, 86_400_000)
