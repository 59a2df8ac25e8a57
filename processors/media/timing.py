"""How long a video really is and whether its frames are evenly spaced, from packets rather than claims."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice, pairwise
from statistics import median

import av
import av.error
from av.container import InputContainer
from av.stream import Stream
from av.video.stream import VideoStream as DecodedStream

from processors.media.frames import rewind
from processors.media.source import Clock

SAMPLE_PACKETS = 96
SAMPLE_ENTRIES = 20_000
EVEN_SHARE = 0.005  # of intervals may be odd (a dropped frame) in an even video
FAR_PAST = 1 << 40
EARLY_S = 3
UNKNOWN_RATE = Fraction(25)


def end_ticks(container: InputContainer, stream: Stream, clock: Clock) -> int:
    """Where the last picture ends, in ticks: read from the last packets, or from all where no index leads there."""
    for target in (_declared_end(container, stream, clock), None):
        try:
            if target is None:
                rewind(container, stream, clock)
            else:
                container.seek(target, stream=stream, backward=True)
            end = _last_end(container, stream, clock)
        except av.error.MemoryError:
            raise
        except av.error.FFmpegError:
            continue
        if end:
            return end
    return _interval(stream, clock)


def indexed_end(stream: Stream, clock: Clock) -> int:
    """Where the last picture ends, in ticks, as an index of all pictures says; 0 where there is none."""
    complete = stream.frames and len(stream.index_entries) >= stream.frames
    return clock.ticks(clock.zero + stream.duration) if complete and stream.duration else 0


def _declared_end(container: InputContainer, stream: Stream, clock: Clock) -> int:
    """A little before the end, for packets are found by decode time, which comes before the picture's."""
    early = int(EARLY_S / clock.source)
    if stream.duration:
        return max(clock.zero, clock.zero + stream.duration - early)
    if container.duration:
        return max(clock.zero, clock.zero + int(Fraction(container.duration, av.time_base) / clock.source) - early)
    return clock.zero + FAR_PAST


def _last_end(container: InputContainer, stream: Stream, clock: Clock) -> int:
    end = 0
    for packet in container.demux(stream):
        time = packet.pts if packet.pts is not None else packet.dts
        if time is not None and packet.size and not packet.is_discard:
            lasts = clock.ticks(clock.zero + packet.duration) if packet.duration else _interval(stream, clock)
            end = max(end, clock.ticks(time) + lasts)
    return end


def _interval(stream: Stream, clock: Clock) -> int:
    """A frame's usual duration in ticks; of sound, as of a video whose rate nobody knows."""
    rate = frame_rate(stream) if isinstance(stream, DecodedStream) else UNKNOWN_RATE
    return max(1, round(1 / (rate * clock.base)))


def frame_rate(stream: DecodedStream) -> Fraction:
    """Frames a second, on average, as a fraction; 25 where nobody knows."""
    return stream.average_rate or stream.guessed_rate or stream.base_rate or UNKNOWN_RATE


def is_variable(container: InputContainer, stream: DecodedStream, clock: Clock) -> bool:
    """Whether frames come at uneven intervals: from a complete index, else from the first packets."""
    times = _indexed_times(stream) or _packet_times(container, stream, clock)
    steps = [(b - a) * float(clock.source) for a, b in pairwise(sorted(times))]
    if len(steps) < 3:
        return False
    usual = median(steps)
    slack = max(0.0021, usual * 0.15)  # two milliseconds: what Matroska and FLV round to
    odd = sum(abs(step - usual) > slack for step in steps)
    return odd > len(steps) * EVEN_SHARE


def _indexed_times(stream: DecodedStream) -> list[int]:
    entries = stream.index_entries
    if not stream.frames or len(entries) < stream.frames:
        return []
    return [entry.timestamp for entry in islice(entries, SAMPLE_ENTRIES)]


def _packet_times(container: InputContainer, stream: DecodedStream, clock: Clock) -> list[int]:
    rewind(container, stream, clock)
    packets = islice(container.demux(stream), SAMPLE_PACKETS)
    times = [packet.pts for packet in packets if packet.pts is not None]
    return sorted(times)[:-8]  # the last ones wait for B frames that were not read
