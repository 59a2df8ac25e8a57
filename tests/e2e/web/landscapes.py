"""Small films for pictures of the page: hills under a sky, seen from a slow train. Nobody else's, so free to show."""

from __future__ import annotations

import io
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

import av
from av.container import OutputContainer
from av.video.frame import VideoFrame
from PIL import Image, ImageDraw

WIDTH, HEIGHT, FPS = 640, 360, 15
RANGES = 4

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Landscape:
    """Colours of the sky, above and at the horizon, of the sun, and of the nearest hills. `seed`: how the hills lie."""

    sky: Colour
    horizon: Colour
    sun: Colour
    near: Colour
    seed: int

    def frames(self, seconds: float) -> Iterator[Image.Image]:
        sky = Image.linear_gradient("L").resize((WIDTH, HEIGHT))
        back = Image.composite(Image.new("RGB", sky.size, self.horizon), Image.new("RGB", sky.size, self.sky), sky)
        lie = random.Random(self.seed)
        self._sun(ImageDraw.Draw(back), lie.uniform(0.2, 0.8) * WIDTH)
        waves = [
            [(lie.uniform(0.4, 3), lie.uniform(0, 9), lie.uniform(0.3, 1)) for _ in range(4)] for _ in range(RANGES)
        ]
        for number in range(round(seconds * FPS)):
            frame = back.copy()
            for depth, wave in enumerate(waves):
                self._hills(ImageDraw.Draw(frame), depth, wave, number)
            yield frame

    def _sun(self, draw: ImageDraw.ImageDraw, x: float) -> None:
        radius, y = HEIGHT * 0.09, HEIGHT * 0.42
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=self.sun)

    def _hills(self, draw: ImageDraw.ImageDraw, depth: int, wave: list[tuple[float, float, float]], frame: int) -> None:
        """One range; nearer ones are lower, darker and pass by faster.

        `wave`: of each swing how many to a stretch, where it begins, how high it is.
        """
        share = (depth + 1) / RANGES
        top, tall = HEIGHT * (0.5 + 0.13 * depth), HEIGHT * 0.09
        passed = frame * share * 1.2
        line = [
            (x, top - tall * sum(high * math.sin(long * (x + passed) / 90 + at) for long, at, high in wave) / 2)
            for x in range(0, WIDTH + 8, 8)
        ]
        draw.polygon([(0, HEIGHT), *line, (WIDTH, HEIGHT)], fill=self._between(share))

    def _between(self, share: float) -> Colour:
        r, g, b = (round(far + (near - far) * share) for far, near in zip(self.horizon, self.near, strict=True))
        return r, g, b


LANDSCAPES = {
    "Harbour at dawn": Landscape((96, 132, 168), (247, 205, 170), (255, 240, 214), (34, 49, 63), 3),
    "Fog lifting over the valley": Landscape((168, 190, 196), (236, 240, 236), (255, 255, 250), (64, 96, 88), 12),
    "Night train to Narvik": Landscape((14, 20, 44), (58, 74, 120), (232, 236, 250), (6, 9, 18), 21),
    "Dunes after rain": Landscape((124, 158, 186), (244, 214, 160), (255, 246, 224), (132, 78, 40), 34),
    "First snow on the pass": Landscape((150, 176, 204), (240, 244, 250), (255, 255, 255), (92, 112, 140), 45),
    "The long evening": Landscape((74, 52, 96), (244, 140, 96), (255, 214, 150), (32, 20, 40), 52),
    "A field in June": Landscape((110, 170, 214), (226, 240, 214), (255, 252, 226), (58, 112, 54), 67),
    "Low tide": Landscape((90, 120, 130), (206, 214, 204), (250, 246, 226), (40, 66, 70), 71),
}


def film(landscape: Landscape, seconds: float) -> bytes:
    """An MP4 of it, silent."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as output:
        _write(output, landscape, seconds)
    return file.getvalue()


def _write(output: OutputContainer, landscape: Landscape, seconds: float) -> None:
    stream = output.add_stream("libx264", rate=FPS, options={"preset": "veryfast", "crf": "20"})
    stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    for frame in landscape.frames(seconds):
        output.mux(stream.encode(VideoFrame.from_image(frame)))
    output.mux(stream.encode())
