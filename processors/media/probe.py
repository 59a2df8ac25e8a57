"""Find out what a source is, or why it can't become a video."""

from __future__ import annotations

from typing import BinaryIO

import av
import av.error
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream as DecodedStream

from processors.media.contents import audio_streams, chapters, subtitle_streams, tags
from processors.media.frames import Concealed, decoded_from
from processors.media.geometry import video_stream
from processors.media.model import Probe, Unplayable
from processors.media.sound_probe import refuse_long, sound_probe
from processors.media.source import Clock, has_pictures, opened, picture_stream, sniffed
from processors.media.timing import end_ticks, indexed_end, is_variable
from processors.media.whole import refuse_cut_off

LARGEST_SIDE = 8192
SPARSE_MS = 10 * 60_000
LEAST_BITS = 200  # a second: a still picture that a good encoder repeats for hours takes twenty times as much


def probe(file: BinaryIO, size: int, by_index: bool = False) -> Probe:
    """What is in `file` of `size` bytes; its first frame has been decoded, so it can be.

    `by_index`: its length is as an index in front says, where there is one; else it is read from the last packets.
    Raises Unplayable with a reason a person can act on.
    """
    refuse_cut_off(file, size, sniffed(file))
    with opened(file) as container:
        if not has_pictures(container) and container.streams.audio:
            return sound_probe(container, size)
        stream = picture_stream(container)
        refuse_large(stream.codec_context.width, stream.codec_context.height)
        clock = Clock(stream)
        frames = first_frames(container, stream, clock)
        end = indexed_end(stream, clock) if by_index else 0
        duration_ms = clock.milliseconds(end or end_ticks(container, stream, clock))
        refuse_long(duration_ms)
        refuse_sparse(size, duration_ms)
        return Probe(
            container=container.format.name,
            duration_ms=max(1, duration_ms),
            size_bytes=size,
            bit_rate=size * 8_000 // max(1, duration_ms),
            video=video_stream(stream, frames, clock, is_variable(container, stream, clock)),
            audio=audio_streams(container),
            subtitles=subtitle_streams(container),
            chapters=chapters(container),
            tags=tags(container),
        )


def refuse_sparse(size: int, duration_ms: int) -> None:
    """A few bytes that claim hours: a wrong clock, or a trap. They would be encoded frame by repeated frame."""
    if duration_ms > SPARSE_MS and size * 8_000 < duration_ms * LEAST_BITS:
        raise Unplayable(
            "sparse",
            f"The file claims {duration_ms // 60_000} minutes and holds {size:,} bytes: its clock must be wrong. "
            "Export it again.",
        )


def refuse_large(width: int, height: int) -> None:
    if max(width, height) > LARGEST_SIDE:
        raise Unplayable(
            "too_large",
            f"The picture is {width}x{height}; the largest we take is {LARGEST_SIDE} a side. Scale it down.",
        )


def first_frames(container: InputContainer, stream: DecodedStream, clock: Clock) -> list[VideoFrame]:
    """A few frames from the beginning. Raises Unplayable (`no_frames`) when not one can be decoded."""
    frames: list[VideoFrame] = []
    try:
        for timed in decoded_from(container, stream, clock, 0, Concealed()):
            refuse_large(timed.frame.width, timed.frame.height)
            frames.append(timed.frame)
            if len(frames) == 4:
                break
    except av.error.MemoryError as error:
        raise Unplayable("too_large", "Decoding takes more memory than a video may need.") from error
    if not frames:
        raise Unplayable(
            "no_frames",
            f"Not one picture of the {stream.codec_context.name} video can be decoded. Export it again, as H.264.",
        )
    return frames
