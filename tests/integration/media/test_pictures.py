"""The pictures of a video: each shows the very frame of its time, whatever the container; none costs too much."""

from __future__ import annotations

import io
import re
from functools import cache

import av
import pytest
from av.video.frame import VideoFrame
from PIL import Image

from processors.media import stills
from processors.media.jobs import PicturesJob
from processors.media.made import PictureMade
from processors.media.pictures import take_pictures
from processors.media.poster import contrast
from tests.media_clips import Clip, make, number_of
from tests.media_encode import probed

CUE = re.compile(r"(\S+) --> \S+\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)")
LONG = {"g": "300", "sc_threshold": "0"}  # a key frame every twelve and a half seconds: pictures lie far from them


@cache
def film(container: str = "mp4") -> list[PictureMade]:
    """Of half a minute with few key frames."""
    return taken_of(make(Clip(container=container, seconds=31, options=LONG, audio=None)))


def taken_of(data: bytes) -> list[PictureMade]:
    about = probed(data)
    assert about.video is not None
    job = PicturesJob(video_id="v", video=about.video, duration_ms=about.duration_ms)
    return list(take_pictures(io.BytesIO(data), job))


def shown(made: PictureMade) -> VideoFrame:
    with av.open(io.BytesIO(made.data), "r", format="jpeg_pipe") as container:
        return next(container.decode(video=0))


def tile(sheet: PictureMade, place: tuple[int, int, int, int]) -> VideoFrame:
    """A part of a sheet: left, top, width, height."""
    left, top, width, height = place
    with Image.open(io.BytesIO(sheet.data)) as whole:
        return VideoFrame.from_image(whole.crop((left, top, left + width, top + height)))


def of(made: list[PictureMade], kind: str) -> list[PictureMade]:
    return [one for one in made if one.picture.kind == kind]


@pytest.mark.parametrize("container", ["mp4", "mkv", "ts"])
def test_every_tile_of_the_storyboard_is_the_frame_of_its_time(container: str):
    made = film(container)
    (sheet,), (board,) = of(made, "sheet"), of(made, "storyboard")

    cues = CUE.findall(board.data.decode())

    assert {address for _, address, *_ in cues} == {"pictures/" + sheet.picture.key.rsplit("/", 1)[-1]}
    assert [begins for begins, *_ in cues] == [f"00:00:{second:02}.000" for second in range(0, 31, 5)]
    assert (sheet.picture.width, sheet.picture.height) == (800, 180)
    places = [(int(x), int(y), int(width), int(height)) for _, _, x, y, width, height in cues]
    assert [number_of(tile(sheet, place)) for place in places] == list(range(0, 744, 120))


def test_thumbnails_say_exactly_when_their_frame_begins():
    made = film()
    thumbnails = of(made, "poster") + of(made, "thumbnail")

    assert [one.picture.kind for one in made][:1] == ["poster"]
    assert len(thumbnails) == 6
    for one in thumbnails:
        assert number_of(shown(one)) == round(one.picture.at_ms * 24 / 1000)


def test_the_preview_moves():
    (preview,) = of(film(), "preview")

    with Image.open(io.BytesIO(preview.data)) as animation:
        assert (animation.format, animation.size, getattr(animation, "n_frames", 1)) == ("WEBP", (320, 180), 24)
        assert animation.info["loop"] == 0


def test_a_video_of_one_frame_has_one_of_each():
    made = taken_of(make(Clip(seconds=0.04, audio=None)))

    assert [one.picture.kind for one in made] == ["poster", "sheet", "storyboard", "preview"]
    assert b"00:00:00.000 --> 00:00:00.042" in made[2].data


def test_a_blank_beginning_is_passed_over():
    def faded(number: int) -> VideoFrame:
        frame = VideoFrame(320, 180, "gray8")
        row = bytes(16 if number < 40 else x % 200 for x in range(frame.planes[0].line_size))
        frame.planes[0].update(row * 180)
        return frame.reformat(format="yuv420p")

    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=10, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for number in range(60):
            frame = faded(number)
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))

    (poster,) = of(taken_of(file.getvalue()), "poster")

    assert poster.picture.at_ms >= 4000
    assert contrast(shown(poster)) > 20


def test_what_pictures_cost_is_bounded(monkeypatch: pytest.MonkeyPatch):
    """Decoding ends where the budget does; what was taken by then is kept, and begins at the beginning."""
    monkeypatch.setattr(stills, "MOST_PIXELS", 320 * 180 * 300)

    made = taken_of(make(Clip(container="ts", seconds=31, options=LONG, audio=None)))

    (board,) = of(made, "storyboard")
    assert 1 <= board.data.count(b"-->") < 7
    assert b"00:00:00.000 -->" in board.data
