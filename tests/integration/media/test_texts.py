"""Text tracks of real containers come out as WebVTT, on the video's timeline."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest

from processors.media.captions import captions
from processors.media.cues import Cue
from processors.media.jobs import TextsJob
from processors.media.texts import extract_texts
from tests.media_clips import Clip, make
from tests.media_encode import probed

SRT = (
    "1\n00:00:00,500 --> 00:00:01,500\nGrüße <i>dir</i> & <b>mir</b>\n\n"
    "2\n00:00:02,000 --> 00:00:03,000\nZwei\nZeilen\n"
)
CUES = [
    Cue(start_ms=500, end_ms=1500, text="Grüße <i>dir</i> &amp; <b>mir</b>"),
    Cue(start_ms=2000, end_ms=3000, text="Zwei\nZeilen"),
]


def with_texts(folder: Path, container: str, codecs: list[str], before: tuple[str, ...] = ()) -> bytes:
    """A clip with the same text in each codec; `before`: what is said of the clip as an input."""
    (folder / "texts.srt").write_text(SRT)
    (folder / "clip.mkv").write_bytes(make(Clip(container="mkv", width=64, height=64, seconds=4)))
    texts = [part for _ in codecs for part in ("-i", folder / "texts.srt")]
    maps = [part for n in range(len(codecs) + 1) for part in ("-map", str(n))]
    coded = [part for n, codec in enumerate(codecs) for part in (f"-c:s:{n}", codec)]
    made = folder / f"made.{container}"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *before, "-i", folder / "clip.mkv", *texts, *maps]
    subprocess.run([*command, "-c:v", "copy", "-c:a", "copy", *coded, made], check=True, timeout=60)
    return made.read_bytes()


@pytest.mark.parametrize(("container", "codecs"), [("mp4", ["mov_text"]), ("mkv", ["subrip", "ass", "webvtt"])])
def test_every_text_track_is_taken_out(container: str, codecs: list[str], tmp_path: Path):
    data = with_texts(tmp_path, container, codecs)
    streams = [stream.index for stream in probed(data).subtitles]

    made = list(extract_texts(io.BytesIO(data), TextsJob(streams=streams)))

    assert [text.stream for text in made] == streams
    assert len(made) == len(codecs)
    assert all(captions(text.data) == CUES for text in made)


def test_texts_follow_the_pictures_that_start_late(tmp_path: Path):
    data = with_texts(tmp_path, "mkv", ["subrip"], before=("-itsoffset", "0.3"))
    streams = [stream.index for stream in probed(data).subtitles]

    (made,) = extract_texts(io.BytesIO(data), TextsJob(streams=streams))

    assert captions(made.data)[1].start_ms == pytest.approx(1700, abs=30)


def test_a_stream_that_is_no_text_makes_nothing(tmp_path: Path):
    data = with_texts(tmp_path, "mkv", ["subrip"])

    assert list(extract_texts(io.BytesIO(data), TextsJob(streams=[0, 99]))) == []
