"""Serve a remote source in blocks: the ones asked for lately are kept, the next ones are fetched ahead."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Protocol

from processors.media.wire import BLOCK_BYTES

AHEAD = 2
KEPT = 8


class Ranges(Protocol):
    """A source that can be read anywhere: an object in a store, a file.

    One that is still arriving says so (`whole`, false): what it may lack is then looked at only where it must be.
    """

    @property
    def size(self) -> int: ...

    async def read(self, offset: int, length: int) -> bytes:
        """`length` bytes from `offset`; fewer only at the end."""
        ...


class Blocks:
    """Blocks of a source. What `Ranges.read` raises comes out of `block`."""

    def __init__(self, ranges: Ranges) -> None:
        self._ranges = ranges
        self._count = -(-ranges.size // BLOCK_BYTES)
        self._reads: OrderedDict[int, asyncio.Task[bytes]] = OrderedDict()

    async def block(self, index: int) -> bytes:
        """Block `index`; empty past the end. Starts fetching the two after it."""
        for wanted in range(index, min(index + 1 + AHEAD, self._count)):
            if wanted not in self._reads:
                self._reads[wanted] = asyncio.create_task(self._read(wanted))
        if index not in self._reads:
            return b""
        self._reads.move_to_end(index)
        try:
            return await self._reads[index]
        except Exception:
            del self._reads[index]
            raise
        finally:
            self._drop_old()

    async def close(self) -> None:
        """Stop what is being fetched."""
        reads = list(self._reads.values())
        for read in reads:
            read.cancel()
        await asyncio.gather(*reads, return_exceptions=True)

    async def _read(self, index: int) -> bytes:
        offset = index * BLOCK_BYTES
        return await self._ranges.read(offset, min(BLOCK_BYTES, self._ranges.size - offset))

    def _drop_old(self) -> None:
        while len(self._reads) > KEPT:
            _, read = self._reads.popitem(last=False)
            read.cancel()
