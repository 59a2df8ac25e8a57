"""How a file of some size goes to the store: in one PUT, or in parts (S3's limits on multipart uploads)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MIB = 1 << 20
SMALLEST_PART = 8 * MIB  # S3 asks for 5 MiB; larger parts mean fewer requests
ROOMY_PART = 64 * MIB  # parts grow up to here to keep the number of reports down
MOST_PARTS = 10_000  # S3: Multipart upload limits
COMFORTABLE_PARTS = 1_000
LARGEST_PART = 5 << 30  # S3: Multipart upload limits


@dataclass(frozen=True)
class Layout:
    """Every part holds `part_size` bytes but the last, which holds the rest."""

    kind: Literal["put", "multipart"]
    size: int
    part_size: int
    part_count: int

    def size_of(self, number: int) -> int:
        """Bytes of part `number`, counted from 1."""
        return min(self.part_size, self.size - (number - 1) * self.part_size)


def layout(size: int, put_max_bytes: int) -> Layout:
    """The layout for `size` bytes (1 byte to 5 TiB)."""
    if size <= put_max_bytes:
        return Layout("put", size, size, 1)
    wanted = max(SMALLEST_PART, min(ROOMY_PART, size // COMFORTABLE_PARTS), -(-size // MOST_PARTS))
    part_size = -(-wanted // MIB) * MIB
    return Layout("multipart", size, part_size, -(-size // part_size))
