"""Read boxes of ISO 14496-12: what a segment's bytes say of themselves."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from processors.media.model import Keyframe

CONTAINERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf", b"mvex"}


class Box(NamedTuple):
    kind: bytes
    start: int  # of the box in the data
    payload: int  # where its payload starts
    end: int


class Timing(NamedTuple):
    """Ticks, and the key frames with the bytes that an I-frame playlist names."""

    start: int
    duration: int
    keyframes: list[Keyframe]


def boxes(data: bytes, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """The boxes side by side in `data[start:end]`. Raises ValueError on a length that can't be."""
    end = len(data) if end is None else end
    while start < end:
        size, kind = struct.unpack_from(">I4s", data, start)
        payload = start + 8
        if size == 1:
            size, payload = struct.unpack_from(">Q", data, start + 8)[0], start + 16
        if size < 8 or start + size > end:
            raise ValueError(f"box {kind!r} at {start} has length {size}, but {end - start} bytes are left")
        yield Box(kind, start, payload, start + size)
        start += size


def find(data: bytes, path: str, start: int = 0, end: int | None = None) -> Box:
    """The first box at a path such as `moov/trak/mdia/mdhd`. Raises ValueError when there is none."""
    kind, _, rest = path.partition("/")
    for box in boxes(data, start, end):
        if box.kind == kind.encode():
            return find(data, rest, box.payload, box.end) if rest else box
    raise ValueError(f"no box {path} here")


def timescale(init: bytes) -> int:
    """Ticks a second of the (only) track."""
    box = find(init, "moov/trak/mdia/mdhd")
    return struct.unpack_from(">I", init, box.payload + (20 if init[box.payload] == 1 else 12))[0]


def timing(data: bytes) -> Timing:
    """When a segment's pictures (or sounds) start and how long they last, all fragments together."""
    start, total, keys = -1, 0, list[Keyframe]()
    moof = Box(b"", 0, 0, 0)
    for box in boxes(data):
        if box.kind == b"moof":
            moof = box
            time, lasts, first = _fragment(data, box)
            start = time if start < 0 else start
            total += lasts
            keys.append(Keyframe(start=time, duration=lasts, offset=box.start, size=first))
        elif box.kind == b"mdat":
            last = keys[-1]
            keys[-1] = Keyframe(
                start=last.start,
                duration=last.duration,
                offset=last.offset,
                size=box.payload - moof.start + last.size,
            )
    return Timing(start, total, keys)


def _fragment(data: bytes, moof: Box) -> tuple[int, int, int]:
    """A fragment's start, duration and the size of its first sample."""
    track = find(data, "traf", moof.payload, moof.end)
    time = find(data, "tfdt", track.payload, track.end)
    run = find(data, "trun", track.payload, track.end)
    start = struct.unpack_from(">Q" if data[time.payload] == 1 else ">I", data, time.payload + 4)[0]
    flags, count = struct.unpack_from(">II", data, run.payload)
    fields = bin(flags & 0xF00).count("1")
    row = run.payload + 8 + 4 * bin(flags & 0x5).count("1")
    durations = sum(struct.unpack_from(">I", data, row + 4 * fields * n)[0] for n in range(count))
    return start, durations, struct.unpack_from(">I", data, row + 4)[0]
