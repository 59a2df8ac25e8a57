"""Sound through the whole chain, heard at the decoder: in time, in its channels, as loud as all others."""

from __future__ import annotations

import io
import subprocess
from itertools import pairwise
from pathlib import Path

import av
import imageio_ffmpeg
import pytest

from processors.media.audio import encode_audio
from processors.media.jobs import AudioJob
from processors.media.made import AudioDone, SegmentGroup
from processors.media.model import Track
from processors.media.plan import plan
from tests.media_clips import Clip, is_flash, make
from tests.media_encode import Encoded, encoded, probed

IN_TIME_S = 0.015
AAC = Track(name="audio", kind="audio", codec="aac", channels=2)
SURROUND = Track(name="audio-5.1", kind="audio", codec="aac", channels=6)
OPUS = Track(name="audio-opus", kind="audio", codec="opus", channels=2)
FLASHING = Clip(width=64, height=64, seconds=8.5, audio="5.1")


def heard(data: bytes, track: Track) -> tuple[Encoded, AudioDone]:
    """The first sound of a file, encoded to a track."""
    about = probed(data)
    result = Encoded(about, plan(about))
    job = AudioJob(video_id="v", stream=about.audio[0].index, duration_ms=about.duration_ms, track=track)
    for made in encode_audio(io.BytesIO(data), job):
        if isinstance(made, SegmentGroup):
            result.add(made)
        else:
            result.audio_done = made
    assert result.audio_done is not None
    return result, result.audio_done


@pytest.mark.parametrize("track", [AAC, SURROUND, OPUS], ids=lambda track: track.name)
def test_every_form_is_in_time_whole_and_level(track: Track):
    result, done = heard(make(FLASHING), track)
    run = result.of(track.name)

    assert result.beeps(track.name)[1:] == pytest.approx(range(1, 9), abs=0.002)
    assert run[0].start == 0
    assert [segment.number for segment in run] == [0, 1, 2, 3]
    assert all(a.start + a.duration == b.start for a, b in pairwise(run))
    assert 0 <= result.probe.duration_ms - done.end_ms < 22
    assert done.before.lufs + done.gain_db == pytest.approx(-18, abs=0.01)
    assert done.after.lufs == pytest.approx(-18, abs=1.1)  # the gate opens on other parts of so short a clip


@pytest.mark.parametrize(("track", "channels", "codecs"), [(SURROUND, 6, "mp4a.40.2"), (OPUS, 2, "opus")])
def test_channels_keep_their_layout(track: Track, channels: int, codecs: str):
    result, _ = heard(make(FLASHING), track)

    with av.open(result.file(track.name), "r") as container:
        layout = container.streams.audio[0].codec_context.layout
        assert layout.nb_channels == channels
        assert layout.name in ("5.1", "stereo")
    assert result.of(track.name)[0].codecs == codecs


def test_opus_says_nothing_of_priming_that_was_dropped():
    result, _ = heard(make(FLASHING), OPUS)
    init = result.objects[result.of(OPUS.name)[0].init_key]

    pre_skip = init.index(b"dOps") + 6
    assert init[pre_skip : pre_skip + 2] == b"\0\0"
    assert b"elst" not in init


@pytest.mark.parametrize("cut", [["-ss", "1.3"], ["-itsoffset", "0.4"]], ids=["edit list", "late start"])
def test_a_flash_is_seen_when_the_beep_is_heard_after_an_edit(cut: list[str], tmp_path: Path):
    whole, edited = tmp_path / "whole.mp4", tmp_path / "edited.mp4"
    whole.write_bytes(make(Clip(width=320, height=180, seconds=5.5)))
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *cut, "-i", whole, "-c", "copy", edited]
    subprocess.run(command, check=True, timeout=60)

    result = encoded(edited.read_bytes())
    frames = result.frames("180p")
    flashes = [at for (_, before), (at, frame) in pairwise(frames) if is_flash(frame) and not is_flash(before)]
    beeps = [at for at in result.beeps() if at > flashes[0] - 0.5]

    assert b"elst" in edited.read_bytes()
    assert len(flashes) >= 3
    assert all(abs(seen - sound) < IN_TIME_S for seen, sound in zip(flashes, beeps, strict=True))
