"""A short clip that takes much room, as a camera's does: grain, with sound beside it all the way."""

from __future__ import annotations

import random
from array import array
from fractions import Fraction
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from av.container import OutputContainer
from av.video.frame import VideoFrame

WIDTH, HEIGHT, FPS, RATE = 640, 360, 12, 48_000
SAMPLES = 1024
SOUNDS = {"mpegts": "mp2", "webm": "libopus"}


def grainy(path: Path, seconds: int, form: str = "mp4", **options: str) -> Path:
    """Write the clip as `form` (a muxer, with its options): a megabyte a second, a key frame every 2 s."""
    chance = random.Random(1)
    grain = [chance.randbytes(WIDTH * HEIGHT) for _ in range(8)]
    with av.open(str(path), "w", format=form, options=options) as container:
        video = container.add_stream("libx264", rate=FPS, options={"preset": "ultrafast", "crf": "30", "g": "24"})
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        sound = container.add_stream(SOUNDS.get(form, "aac"), rate=RATE)
        assert isinstance(sound, av.AudioStream)
        sound.codec_context.layout = "stereo"
        for number in range(seconds * FPS):
            container.mux(video.encode(_frame(grain[number % 8], number)))
            for start in range(-(-number * RATE // FPS // SAMPLES), -(-(number + 1) * RATE // FPS // SAMPLES)):
                container.mux(sound.encode(_tone(start * SAMPLES)))
        _flush(container)
    return path


def _frame(luma: bytes, number: int) -> VideoFrame:
    frame = VideoFrame(WIDTH, HEIGHT, "yuv420p")
    for plane, data in zip(frame.planes, (luma, b"\x80" * (len(luma) // 4), b"\x80" * (len(luma) // 4)), strict=True):
        plane.update(data)
    frame.pts, frame.time_base = number, Fraction(1, FPS)
    return frame


def _tone(start: int) -> AudioFrame:
    frame = AudioFrame("s16", "stereo", SAMPLES)
    frame.sample_rate, frame.time_base, frame.pts = RATE, Fraction(1, RATE), start
    wave = array("h", [4000 if n // 60 % 2 else -4000 for n in range(start, start + SAMPLES) for _ in range(2)])
    frame.planes[0].update(wave.tobytes())
    return frame


def _flush(container: OutputContainer) -> None:
    for stream in container.streams:
        if isinstance(stream, av.VideoStream | av.AudioStream):
            container.mux(stream.encode(None))
