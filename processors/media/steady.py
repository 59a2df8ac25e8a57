"""A transport stream whose clock jumps, read as if it went on: libavformat would pass over what comes after."""

from __future__ import annotations

import io
from bisect import bisect_right
from itertools import accumulate
from typing import BinaryIO, cast
from weakref import WeakKeyDictionary

from processors.media.jumps import PLACES, Jump, jumps_in
from processors.media.transport import PACKET, times, write

_known: WeakKeyDictionary[BinaryIO, list[Jump]] = WeakKeyDictionary()  # a job opens its source more than once


def steady(file: BinaryIO) -> BinaryIO:
    """The file; where its clock jumps, one that reads the same but for the times. Left at the beginning.

    One that says it isn't `whole`, for it is still arriving, is looked at where it begins and ends.
    """
    if file not in _known:
        places = PLACES if getattr(file, "whole", True) else 1
        _known[file] = jumps_in(file, file.seek(0, io.SEEK_END), places)
    file.seek(0)
    return cast(BinaryIO, Steady(file, _known[file])) if _known[file] else file


class Steady(io.RawIOBase):
    """A file of packets whose times are shifted, from each jump on by all up to it."""

    def __init__(self, file: BinaryIO, jumps: list[Jump]) -> None:
        self._file, self._at = file, 0
        self._size = file.seek(0, io.SEEK_END)
        self._offsets = [jump.offset for jump in jumps]
        self._shifts = [0, *accumulate(jump.shift for jump in jumps)]

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes, possibly fewer; none only at the end."""
        if size == 0 or self._at >= self._size:
            return b""
        begin = self._at // PACKET * PACKET
        end = self._size if size < 0 else self._at + size
        data = self._packets(begin, -(-end // PACKET) * PACKET)
        read = bytes(data[self._at - begin : end - begin])
        self._at += len(read)
        return read

    def _packets(self, begin: int, end: int) -> bytearray:
        """With the byte after them: however it is read, the last is told by what follows it."""
        self._file.seek(begin)
        data = bytearray()
        while begin + len(data) <= end and (more := self._file.read(end + 1 - begin - len(data))):
            data += more
        for told in times(data):
            write(data, told, told.ticks + self._shifts[bisect_right(self._offsets, begin + told.at)])
        return data
