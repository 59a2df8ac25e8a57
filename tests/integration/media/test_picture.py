"""What a viewer sees: upright, in shape, progressive, in the right colours; and the poster."""

from __future__ import annotations

import io

import av
import pytest
from av.video.frame import VideoFrame

from processors.media.jobs import PicturesJob
from processors.media.pictures import take_pictures
from processors.media.poster import contrast
from tests.media_clips import Clip, make
from tests.media_encode import Encoded, encoded, probed


def first_frame(result: Encoded) -> VideoFrame:
    """Of the highest rung. The flash band, at the bottom of the stored picture, is white in it."""
    return result.frames(result.plan.rungs[-1].name)[0][1]


def brightness(frame: VideoFrame, x: float, y: float) -> int:
    """Of the pixel at a share of the width and the height."""
    plane = frame.reformat(64, 64, "gray8").planes[0]
    return bytes(plane)[int(y * 64) * plane.line_size + int(x * 64)]


@pytest.mark.parametrize(
    ("counter_clockwise", "size", "white_at"),
    [
        (0, (320, 180), (0.5, 0.9)),
        (90, (180, 320), (0.9, 0.5)),
        (180, (320, 180), (0.5, 0.1)),
        (-90, (180, 320), (0.1, 0.5)),
    ],
)
def test_rotation_is_applied(counter_clockwise: int, size: tuple[int, int], white_at: tuple[float, float]):
    result = encoded(make(Clip(rotation=counter_clockwise, seconds=0.5, audio=None)))

    frame = first_frame(result)
    assert (frame.width, frame.height) == size
    assert frame.rotation == 0
    assert brightness(frame, *white_at) > 180
    assert brightness(frame, 1 - white_at[0], 1 - white_at[1]) < 60


def test_odd_sizes_become_even():
    result = encoded(make(Clip(container="mkv", codec="vp9", width=323, height=181, seconds=0.5, audio=None)))

    assert [(rung.width, rung.height) for rung in result.plan.rungs] == [(322, 180)]
    assert first_frame(result).height == 180


def test_wide_pixels_are_made_square():
    result = encoded(make(Clip(width=320, height=240, sample_aspect="4:3", seconds=0.5, audio=None)))

    assert result.probe.video is not None
    assert (result.probe.video.display_width, result.probe.video.display_height) == (427, 240)
    assert (result.of("240p")[0].width, result.of("240p")[0].height) == (426, 240)


def test_interlaced_video_becomes_progressive_without_losing_frames():
    options = {"x264-params": "tff=1"}
    result = encoded(make(Clip(options=options, fps=25, seconds=2.4, audio=None)))

    assert result.probe.video is not None
    assert result.probe.video.interlaced
    frames = result.frames("180p")
    assert len(frames) == 60
    assert not any(frame.interlaced_frame for _, frame in frames)


@pytest.mark.parametrize(("transfer", "name"), [(16, "smpte2084"), (18, "arib-std-b67")])
def test_hdr_becomes_sdr(transfer: int, name: str):
    result = encoded(make(Clip(pixel_format="yuv420p10le", transfer=transfer, seconds=0.5, audio=None, rotation=90)))

    assert result.probe.video is not None
    assert (result.probe.video.transfer, result.probe.video.bit_depth) == (name, 10)
    frame = first_frame(result)
    assert (frame.format.name, frame.color_primaries, frame.color_trc, frame.colorspace) == ("yuv420p", 1, 1, 1)
    assert (frame.width, frame.height) == (180, 320)
    assert brightness(frame, 0.9, 0.5) > 225  # the flash band is PQ's or HLG's white, brighter than reference white
    assert brightness(frame, 0.1, 0.02) < 40


def test_all_chunks_of_hdr_have_the_same_colours():
    result = encoded(make(Clip(pixel_format="yuv420p10le", transfer=16, seconds=8, fps=8, audio=None)), cuts_ms=[6000])

    frames = dict(result.frames("180p"))
    assert brightness(frames[5.0], 0.5, 0.9) == brightness(frames[7.0], 0.5, 0.9)


@pytest.mark.parametrize("pixel_format", ["yuv444p", "yuv422p10le", "yuvj420p"])
def test_all_pixels_become_eight_bits_of_limited_range(pixel_format: str):
    result = encoded(make(Clip(pixel_format=pixel_format, seconds=0.5, audio=None)))

    frame = first_frame(result)
    assert (frame.format.name, frame.color_range) == ("yuv420p", 1)
    assert brightness(frame, 0.5, 0.9) == pytest.approx(235, abs=25)


def test_the_poster_is_upright_and_not_blank():
    data = make(Clip(width=320, height=240, rotation=-90, sample_aspect="4:3", seconds=3, audio=None))
    video = probed(data).video
    assert video is not None

    made, *_ = take_pictures(io.BytesIO(data), PicturesJob(video_id="v", video=video, duration_ms=3000))

    assert made.data.startswith(b"\xff\xd8\xff")
    with av.open(io.BytesIO(made.data), "r", format="jpeg_pipe") as container:
        frame = next(container.decode(video=0))
    assert (frame.width, frame.height) == (made.picture.width, made.picture.height) == (240, 426)
    assert contrast(frame) > 20


def test_a_blank_picture_has_no_contrast():
    grey = VideoFrame(64, 64, "gray8")
    grey.planes[0].update(b"\x50" * grey.planes[0].buffer_size)

    assert contrast(grey) == 0
