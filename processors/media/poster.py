"""Which of a few frames makes the poster: the least blank one."""

from __future__ import annotations

from statistics import fmean, pstdev

from av.video.frame import VideoFrame

GOOD_ENOUGH = 40.0  # a contrast at which the search ends
THUMB = 32  # pixels a side in which contrast is measured


def least_blank(contrasts: list[float]) -> int:
    """The place of the first that is good enough, else of the one with the most contrast. Not for none at all."""
    good = (place for place, contrast in enumerate(contrasts) if contrast >= GOOD_ENOUGH)
    return next(good, contrasts.index(max(contrasts)))


def contrast(frame: VideoFrame) -> float:
    """How much there is to see: the spread of brightness; a little less where nearly all is dark or glaring."""
    grey = frame.reformat(THUMB, THUMB, "gray8")
    plane = grey.planes[0]
    data = bytes(plane)
    pixels = [value for row in range(THUMB) for value in data[row * plane.line_size :][:THUMB]]
    mean = fmean(pixels)
    return pstdev(pixels) * (0.5 if mean < 24 or mean > 232 else 1.0)
