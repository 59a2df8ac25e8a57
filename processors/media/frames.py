"""Decode a span of a video, exact to the frame, whatever the container's index is worth."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple

import av
import av.error
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream as DecodedStream

from processors.media.source import Clock

MOST_BROKEN_READS = 100  # then the rest of the file is given up
UNTIMED = {"avi"}  # it knows no presentation times; what a demuxer makes of B frames there is out of order
LEAD_S = 10  # how far decode times may lie before the first picture


class Timed(NamedTuple):
    """A decoded frame, its start and its duration in ticks of the clock (0: unknown)."""

    start: int
    duration: int
    frame: VideoFrame


class Concealed:
    """How many packets could not be decoded; the frames around them stand in."""

    def __init__(self) -> None:
        self.packets = 0


def decoded_from(
    container: InputContainer, stream: DecodedStream, clock: Clock, start: int, concealed: Concealed
) -> Iterator[Timed]:
    """Frames in order of presentation, from the last one that starts at or before tick `start`, or earlier.

    An index that leads past `start` is asked again for an earlier place, at last for the beginning.
    """
    back = 0
    while True:
        target = max(0, start - back)
        _seek(container, stream, clock, target)
        frames = _decoded(container, stream, clock, concealed)
        first = next(frames, None)
        if first is not None and (first.start <= start or target == 0):
            yield first
            yield from frames
            return
        if target == 0:
            return
        back = max(back * 4, int(2 / clock.base))


def rewind(container: InputContainer, stream: Stream, clock: Clock) -> None:
    """To the beginning. Some demuxers want a time before the first packet's, others refuse it."""
    early = clock.pts(0) - int(LEAD_S / clock.source)
    for target in (early, clock.pts(0), 0):
        with suppress(av.error.FFmpegError):
            container.seek(target, stream=stream, backward=True)
            return


def _decoded(container: InputContainer, stream: DecodedStream, clock: Clock, concealed: Concealed) -> Iterator[Timed]:
    """Frames with their times; one that has none follows the frame before it as that one followed its own."""
    last: int | None = None
    step = 1
    for packet in packets_of(container, stream, concealed):
        for frame in frames_in(packet, concealed):
            pts = frame.dts if frame.pts is None or container.format.name in UNTIMED else frame.pts
            if pts is None and last is None:
                continue
            start = clock.ticks(pts) if pts is not None else (last or 0) + step
            if last is not None and start <= last:
                continue
            step = start - last if last is not None else step
            last = start
            concealed.packets += bool(frame.is_corrupt)  # patched by the decoder
            yield Timed(start, clock.ticks(clock.zero + (frame.duration or 0)), frame)


def _seek(container: InputContainer, stream: DecodedStream, clock: Clock, target: int) -> None:
    """To the key frame at or before `target`, or to the beginning where the container can't tell."""
    if target == 0:
        rewind(container, stream, clock)
        return
    try:
        container.seek(clock.pts(target), stream=stream, backward=True)
    except av.error.FFmpegError:
        rewind(container, stream, clock)


def packets_of(container: InputContainer, stream: Stream, concealed: Concealed) -> Iterator[Packet]:
    """The stream's packets; a broken place is passed over."""
    for _ in range(MOST_BROKEN_READS):
        try:
            yield from container.demux(stream)
            return
        except av.error.EOFError:
            return
        except av.error.MemoryError:
            raise
        except av.error.FFmpegError:
            concealed.packets += 1


def frames_in(packet: Packet, concealed: Concealed) -> list[Any]:
    """The frames that came out for a packet; none, and one more concealed, when it is damaged."""
    try:
        return list(packet.decode())
    except av.error.EOFError:
        return []
    except av.error.MemoryError:
        raise
    except av.error.FFmpegError:
        concealed.packets += 1
        return []
