"""A clip for demonstrations: a running clock, a sweeping hand, and a beep at every second.

`python -m processors.media.sample clip.mp4` writes one, unless it is there.
"""

from __future__ import annotations

import math
import sys
from array import array
from fractions import Fraction
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image, ImageDraw, ImageFont

FPS = 25
RATE = 48_000
BEEP_S, BEEP_HZ, HIGH_HZ = 0.08, 880, 1320  # every tenth second sounds higher
INK, GROUND, ACCENT, FLASH = (244, 241, 232), (24, 28, 38), (255, 122, 69), (58, 66, 88)


def write_sample(path: str, seconds: int = 30, width: int = 1280, height: int = 720) -> None:
    """Write an MP4 of that length and size (even) to `path`."""
    with av.open(path, "w", format="mp4", options={"movflags": "+faststart"}) as container:
        video = container.add_stream("libx264", rate=FPS, options={"preset": "veryfast", "crf": "20"})
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        audio = container.add_stream("aac", rate=RATE)
        audio.codec_context.layout = "stereo"
        face = Face(width, height)
        for second in range(seconds):
            _write_second(container, video, audio, face, second)
        container.mux([*video.encode(None), *audio.encode(None)])


def _write_second(container: OutputContainer, video: VideoStream, audio: AudioStream, face: Face, second: int) -> None:
    for n in range(second * FPS, (second + 1) * FPS):
        frame = VideoFrame.from_image(face.at(Fraction(n, FPS)))
        frame.pts, frame.time_base = n, Fraction(1, FPS)
        container.mux(video.encode(frame))
    container.mux(audio.encode(_sound(second)))


class Face:
    """Draws the clock. What doesn't move is drawn once."""

    def __init__(self, width: int, height: int) -> None:
        self._size, self._centre, self._radius = (width, height), (width // 2, height * 2 // 5), height * 3 // 10
        self._digits = ImageFont.load_default(height // 6)
        self._grounds = {flash: self._ground(FLASH if flash else GROUND) for flash in (True, False)}

    def at(self, time: Fraction) -> Image.Image:
        """The picture at a time in seconds: lit for the length of the beep."""
        image = self._grounds[time % 1 < BEEP_S].copy()
        draw = ImageDraw.Draw(image)
        draw.line([self._centre, self._on_rim(time, 0.92)], fill=ACCENT, width=self._radius // 24)
        text = f"{int(time) // 60:02}:{int(time) % 60:02}.{int(time * FPS % FPS):02}"
        at = (self._size[0] // 2, self._size[1] * 17 // 20)
        draw.text(at, text, fill=INK, font=self._digits, anchor="mm")
        return image

    def _ground(self, colour: tuple[int, int, int]) -> Image.Image:
        image = Image.new("RGB", self._size, colour)
        draw = ImageDraw.Draw(image)
        for mark in range(60):
            inner = 0.86 if mark % 5 else 0.78
            ends = [self._on_rim(Fraction(mark), inner), self._on_rim(Fraction(mark), 0.96)]
            draw.line(ends, fill=INK, width=self._radius // (80 if mark % 5 else 32))
        return image

    def _on_rim(self, time: Fraction, share: float) -> tuple[float, float]:
        angle = 2 * math.pi * float(time) / 60
        reach = self._radius * share
        return self._centre[0] + reach * math.sin(angle), self._centre[1] - reach * math.cos(angle)


def _sound(second: int) -> AudioFrame:
    """One second, which begins with a beep."""
    pitch = BEEP_HZ if second % 10 else HIGH_HZ
    beep = [round(9_000 * math.sin(2 * math.pi * pitch * n / RATE)) for n in range(round(BEEP_S * RATE))]
    mono = [*beep, *([0] * (RATE - len(beep)))]
    frame = AudioFrame("s16", "stereo", RATE)
    frame.sample_rate, frame.time_base, frame.pts = RATE, Fraction(1, RATE), second * RATE
    frame.planes[0].update(array("h", [value for value in mono for _ in range(2)]).tobytes())
    return frame


if __name__ == "__main__":
    wanted = Path(sys.argv[1])
    if not wanted.exists():
        partial = wanted.with_suffix(".partial")
        write_sample(str(partial))
        partial.rename(wanted)
