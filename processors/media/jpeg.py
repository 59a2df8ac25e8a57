"""Frames as JPEG. JFIF knows one colour: BT.601 in full range."""

from __future__ import annotations

from fractions import Fraction

from av.codec import CodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace

QUANTIZER = 4  # about what others call quality 85
PIXELS = "yuvj420p"


def fitted(frame: VideoFrame, width: int, height: int) -> VideoFrame:
    """The frame in that size and in JFIF's colour."""
    return frame.reformat(
        width,
        height,
        PIXELS,
        dst_colorspace=Colorspace.ITU601,
        dst_color_range=ColorRange.JPEG,
        interpolation="BICUBIC",
    )


def jpeg(picture: VideoFrame, quantizer: int = QUANTIZER) -> bytes:
    """A fitted picture as a file; a higher `quantizer` is smaller and coarser (2 to 31)."""
    encoder = CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = picture.width, picture.height, PIXELS
    encoder.time_base, encoder.qmin, encoder.qmax = Fraction(1, 1), quantizer, quantizer
    picture.pts, picture.time_base = 0, Fraction(1, 1)
    return b"".join(bytes(packet) for packet in [*encoder.encode(picture), *encoder.encode(None)])
