"""A video stream's picture: its size as stored and as shown, its turn, its colour."""

from __future__ import annotations

from fractions import Fraction

from av.video.frame import VideoFrame
from av.video.stream import VideoStream as DecodedStream

from processors.media.colour import MATRICES, PRIMARIES, RANGES, TRANSFERS
from processors.media.model import VideoStream
from processors.media.source import Clock
from processors.media.timing import frame_rate

ODDEST_PIXEL = 4  # pixel aspects beyond 4:1 are mistakes


def video_stream(stream: DecodedStream, frames: list[VideoFrame], clock: Clock, variable: bool) -> VideoStream:
    """The stream's description, from its first decoded frames where they say more than the container."""
    frame, codec = frames[0], stream.codec_context
    aspect = pixel_aspect(stream)
    rotation = -round(frame.rotation / 90) * 90 % 360
    display = display_size(frame.width, frame.height, aspect, rotation)
    return VideoStream(
        index=stream.index,
        codec=codec.name,
        profile=codec.profile,
        width=frame.width,
        height=frame.height,
        display_width=display[0],
        display_height=display[1],
        rotation=rotation,
        sample_aspect_ratio=f"{aspect.numerator}:{aspect.denominator}",
        frame_rate=round(float(frame_rate(stream)), 3),
        variable_frame_rate=variable,
        pixel_format=frame.format.name,
        bit_depth=max(component.bits for component in frame.format.components),
        primaries=PRIMARIES.get(frame.color_primaries),
        transfer=TRANSFERS.get(frame.color_trc),
        matrix=MATRICES.get(frame.colorspace),
        range=RANGES.get(frame.color_range),
        interlaced=any(each.interlaced_frame for each in frames),
        start_ms=round(clock.zero * clock.source * 1000),
    )


def pixel_aspect(stream: DecodedStream) -> Fraction:
    """Width to height of a pixel; square where it is unknown or absurd."""
    aspect = stream.sample_aspect_ratio or stream.codec_context.sample_aspect_ratio
    if not aspect or not Fraction(1, ODDEST_PIXEL) <= aspect <= ODDEST_PIXEL:
        return Fraction(1)
    return Fraction(aspect)


def display_size(width: int, height: int, aspect: Fraction, rotation: int) -> tuple[int, int]:
    """The picture's size in square pixels, upright: stretched, never squeezed, so that no line is lost."""
    if aspect >= 1:
        wide, high = round(width * aspect), height
    else:
        wide, high = width, round(height / aspect)
    return (high, wide) if rotation in (90, 270) else (wide, high)
