"""The animated preview: a second from each of a few places, as a looping WebP."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import av
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange

from processors.media.sink import Sink

PLACES = (0.15, 0.4, 0.65, 0.9)  # shares of the video's length
FRAMES, RATE = 6, 6  # a place; a second
LONGEST_SIDE = 320
QUALITY = "55"


def moments(duration_ms: int) -> list[int]:
    """When the preview's frames are taken, in ms, ascending. A video of a few seconds is shown as it is, from 0."""
    step, span = 1000 // RATE, FRAMES * 1000 // RATE
    if duration_ms < 2 * span * len(PLACES):
        return list(range(0, max(1, min(duration_ms, span * len(PLACES))), step))
    return [int(duration_ms * place) + n * step for place in PLACES for n in range(FRAMES)]


def animation(frames: Sequence[VideoFrame]) -> bytes:
    """Frames of one size, as JFIF has them, as an endless WebP. WebP knows BT.601 in limited range."""
    sink = Sink()
    with av.open(sink, "w", format="webp", options={"loop": "0"}) as container:
        stream = container.add_stream("libwebp_anim", rate=RATE, options={"quality": QUALITY})
        stream.width, stream.height, stream.pix_fmt = frames[0].width, frames[0].height, "yuv420p"
        for number, frame in enumerate(frames):
            picture = frame.reformat(format="yuv420p", dst_color_range=ColorRange.MPEG)
            picture.pts, picture.time_base, picture.pict_type = number, Fraction(1, RATE), 0
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return sink.taken()
