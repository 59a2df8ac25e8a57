"""Sources as they come: damaged, with several pictures, late, without times, of one frame."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from fractions import Fraction

import av
import pytest
from av.stream import Disposition
from av.video.stream import VideoStream

from tests.media_clips import Clip, make, number_of, picture
from tests.media_encode import encoded, probed

CLIP = Clip(seconds=2, audio=None)


def damaged(data: bytes, places: int) -> bytes:
    """Bytes of the pictures, which lie between the head and the index, overwritten."""
    chance, spoilt = random.Random(3), bytearray(data)
    start, end = data.index(b"mdat") + 4_000, data.index(b"moov") - 100
    for _ in range(places):
        at = chance.randrange(start, end)
        spoilt[at : at + 40] = bytes(40)
    return bytes(spoilt)


def test_damaged_packets_are_concealed_and_counted():
    whole = encoded(make(CLIP))
    result = encoded(damaged(make(CLIP), 6))

    assert sum(done.concealed for done in whole.done) == 0
    assert sum(done.concealed for done in result.done) > 0
    assert result.of("180p")[-1].end_seconds == pytest.approx(2, abs=0.05)
    assert len(result.frames("180p")) >= 24


def two_pictures(default: int) -> bytes:
    """A small picture, then a larger one."""
    file = io.BytesIO()
    clips = [replace(CLIP, width=160, height=90), replace(CLIP, width=640, height=360)]
    with av.open(file, "w", format="matroska") as container:
        streams: list[VideoStream] = []
        for number, clip in enumerate(clips):
            stream = container.add_stream("libx264", rate=24, options={"preset": "ultrafast"})
            stream.width, stream.height, stream.pix_fmt = clip.width, clip.height, "yuv420p"
            stream.disposition = Disposition.default if number == default else Disposition(0)
            streams.append(stream)
        for number in range(24):
            for stream, clip in zip(streams, clips, strict=True):
                frame = picture(clip, number, number / 24)
                frame.pts, frame.time_base = number, Fraction(1, 24)
                container.mux(stream.encode(frame))
        for stream in streams:
            container.mux(stream.encode(None))
    return file.getvalue()


@pytest.mark.parametrize(("default", "height"), [(0, 90), (1, 360), (-1, 360)])
def test_of_several_pictures_the_default_one_is_shown_or_else_the_largest(default: int, height: int):
    result = encoded(two_pictures(default))

    assert result.probe.video is not None
    assert result.probe.video.height == height
    assert [number_of(frame) for _, frame in result.frames(f"{height}p")] == list(range(24))


def shifted(seconds: float, container: str) -> bytes:
    """A clip whose clock starts late."""
    return make(replace(CLIP, container=container, time_of=lambda n: seconds + n / 25, seconds=seconds + 2))


@pytest.mark.parametrize("container", ["mkv", "mp4"])
def test_a_clock_that_starts_late_is_set_to_zero(container: str):
    result = encoded(shifted(40, container))

    frames = result.frames("180p")
    assert result.probe.duration_ms == pytest.approx(2000, abs=50)
    assert [number_of(frame) for _, frame in frames] == list(range(50))
    assert frames[0][0] == 0


@pytest.mark.parametrize("bf", ["0", "2"])
def test_a_source_without_presentation_times_keeps_its_frames_in_order(bf: str):
    """AVI has none, and H.264 in it comes in decoding order."""
    result = encoded(make(replace(CLIP, container="avi", options={"bf": bf})))

    numbers = [number_of(frame) for _, frame in result.frames("180p")]
    assert list(dict.fromkeys(numbers)) == list(range(48))
    assert len(numbers) <= 49  # the first one may stand in for a start that is nobody's


def test_one_frame_is_a_video():
    result = encoded(make(Clip(seconds=0.04, audio=None)))

    assert [number_of(frame) for _, frame in result.frames("180p")] == [0]
    assert [segment.number for segment in result.segments] == [0]
    assert probed(make(Clip(seconds=0.04, audio=None))).duration_ms == 42
