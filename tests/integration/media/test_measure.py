"""What rungs bring is measured at the source's size: nothing where the source is a small picture made large."""

from __future__ import annotations

import io

import av
import pytest

from processors.media.jobs import LadderJob
from processors.media.ladder import ladder
from processors.media.measure import measure_ladder
from processors.media.trimming import superfluous
from tests.media_clips import Clip, make, picture
from tests.media_encode import probed


def enlarged(clip: Clip, width: int, height: int) -> bytes:
    """The clip's pictures, made larger without adding to them."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=24, options={"preset": "ultrafast", "crf": "10"})
        assert isinstance(stream, av.VideoStream)
        stream.codec_context.width, stream.codec_context.height = width, height
        for number, at in enumerate(clip.frame_times()):
            frame = picture(clip, number, at).reformat(width, height, interpolation="BICUBIC")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "dropped"),
    [
        (make(Clip(width=960, height=540, seconds=1, audio=None)), []),
        (enlarged(Clip(width=64, height=36, seconds=1), 960, 540), ["540p-hevc"]),
    ],
    ids=["sharp", "blurred"],
)
def test_a_rung_counts_by_what_it_shows(data: bytes, dropped: list[str]):
    about = probed(data)
    assert about.video is not None
    rungs = ladder(about.video, "hevc")
    job = LadderJob(video_id="v", video=about.video, duration_ms=about.duration_ms, rungs=rungs)
    [made] = measure_ladder(io.BytesIO(data), job)
    assert [measure.rendition for measure in made.measured] == ["360p-hevc", "540p-hevc"]
    assert all(measure.kbps > 0 for measure in made.measured)
    assert superfluous(made.measured) == dropped, made.measured


def test_frames_are_compared_with_their_own_wherever_a_sample_begins():
    data = make(Clip(width=320, height=180, seconds=20, audio=None))
    about = probed(data)
    assert about.video is not None
    job = LadderJob(video_id="v", video=about.video, duration_ms=about.duration_ms, rungs=ladder(about.video, "hevc"))
    [made] = measure_ladder(io.BytesIO(data), job)
    assert made.measured[-1].psnr > 38
