"""A seekable file whose bytes come in blocks from somebody else."""

from __future__ import annotations

import io
from collections import OrderedDict
from collections.abc import Callable

from processors.media.wire import BLOCK_BYTES

KEPT = 16  # pictures and sound may lie far apart, and a demuxer goes back and forth between them


class BlockFile(io.RawIOBase):
    """Reads through `block(index)`, keeping the blocks used last. For one thread."""

    def __init__(self, size: int, block: Callable[[int], bytes], whole: bool = True) -> None:
        """`whole`: all blocks are there to be looked at; else only those that a job can't do without."""
        self.whole = whole
        self._size, self._block, self._at = size, block, 0
        self._kept: OrderedDict[int, bytes] = OrderedDict()

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
        index, start = divmod(self._at, BLOCK_BYTES)
        if self._at >= self._size or size == 0:
            return b""
        stop = BLOCK_BYTES if size < 0 else start + size
        data = self._kept_block(index)[start:stop]
        self._at += len(data)
        return data

    def _kept_block(self, index: int) -> bytes:
        if index not in self._kept:
            self._kept[index] = self._block(index)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(index)
        return self._kept[index]
