"""Bring decoded frames to a rendition's size, pixels and range."""

from __future__ import annotations

from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

FULL = 2  # colour range "pc", H.273


class Fitter:
    """To 4:2:0 of limited range, of 8 bit unless `pixels` are others; `matrix` is what RGB becomes."""

    def __init__(self, width: int, height: int, matrix: int, pixels: str = "yuv420p") -> None:
        self._width, self._height, self._matrix, self._pixels = width, height, matrix, pixels
        self._reformatter = VideoReformatter()

    def fitted(self, frame: VideoFrame) -> VideoFrame:
        full = frame.color_range == FULL or frame.format.name.startswith("yuvj") or frame.format.is_rgb
        return self._reformatter.reformat(
            frame,
            self._width,
            self._height,
            self._pixels,
            dst_colorspace=Colorspace(self._matrix) if frame.format.is_rgb else None,
            src_color_range=ColorRange.JPEG if full else None,
            dst_color_range=ColorRange.MPEG if full else None,
            interpolation=Interpolation.BICUBIC,
            threads=1,
        )
