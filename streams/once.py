"""Which numbered events of a key have been seen: ranges of numbers, and when the last event was.

Kept as 64-bit integers, little-endian: the clock (ms) of the key's last event, then first and last of each range.
A client that counts its events has one range, 24 bytes, however long it goes on. Of one that leaves gaps, 256 ranges
are kept, 4 KiB: where there would be more, the gap of the lowest numbers closes, which count as seen from then on.
"""

from __future__ import annotations

import struct
from bisect import bisect_left

ONE = struct.Struct("<qqq")
LAST = struct.Struct("<q")
MOST = 256  # ranges of a key


def note(kept: bytes | None, number: int, clock: int, forget_after: int) -> tuple[bool, bytes]:
    """Whether an event is new, and what to keep of its key from now on: nothing but the key's events decides."""
    if kept is None:
        return True, ONE.pack(clock, number, number)
    if len(kept) == ONE.size:
        last, first, end = ONE.unpack(kept)
        if clock - last >= forget_after:
            return True, ONE.pack(clock, number, number)
        if number == end + 1:
            return True, ONE.pack(clock, first, number)
        if first <= number <= end:
            return False, ONE.pack(clock, first, end)
    return _insert(kept, number, clock, forget_after)


def follow(kept: bytes | None, first: int, last: int, begin: int, end: int, forget_after: int) -> bytes | None:
    """What to keep of a key once each number from `first` to `last` has come, all new; None where that is not so.

    `begin` and `end` are the clock at the first and at the last, less than `forget_after` apart.
    """
    if kept is None or begin - last_of(kept) >= forget_after:
        return ONE.pack(end, first, last)
    if len(kept) == ONE.size:
        _, lowest, highest = ONE.unpack(kept)
        if first == highest + 1:
            return ONE.pack(end, lowest, last)
    return None


def last_of(kept: bytes) -> int:
    """When the key's last event was (ms of the partition's clock)."""
    return LAST.unpack_from(kept)[0]


def _insert(kept: bytes, number: int, clock: int, forget_after: int) -> tuple[bool, bytes]:
    last, *bounds = struct.unpack(f"<{len(kept) // 8}q", kept)
    if clock - last >= forget_after:
        bounds = []
    place = bisect_left(bounds, number)
    new = place % 2 == 0 and bounds[place : place + 1] != [number]
    if new:
        joins_left = place > 0 and bounds[place - 1] == number - 1
        joins_right = place < len(bounds) and bounds[place] == number + 1
        bounds[place - joins_left : place + joins_right] = [number] * (2 - joins_left - joins_right)
    if len(bounds) > 2 * MOST:
        del bounds[1:3]
    return new, struct.pack(f"<{1 + len(bounds)}q", clock, *bounds)
