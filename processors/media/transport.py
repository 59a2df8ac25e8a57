"""Where the packets of an MPEG transport stream tell the time (ISO/IEC 13818-1), and how another is written there."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

PACKET, SYNC = 188, 0x47
ROUND = 1 << 33  # after so many ticks of a 90,000th of a second clocks begin again
HAS_ADAPTATION, HAS_PAYLOAD, BEGINS = 0x20, 0x10, 0x40
HAS_PCR, PCR_BYTES = 0x10, 7
PES_HEADER = 19  # bytes, with both times


class Kind(Enum):
    """The stream's own clock, when something is shown, when it is decoded."""

    PCR = "pcr"
    PTS = "pts"
    DTS = "dts"


class Told(NamedTuple):
    """A time at a place in the data."""

    at: int
    pid: int
    kind: Kind
    ticks: int


def times(data: bytes | bytearray) -> Iterator[Told]:
    """All times in whole packets. What none follows is something else: packets are out of step there."""
    for start in range(0, len(data) - PACKET + 1, PACKET):
        following = start + PACKET
        if data[start] != SYNC or (following < len(data) and data[following] != SYNC):
            continue
        flags, payload = data[start + 3], start + 4
        pid = (data[start + 1] & 31) << 8 | data[start + 2]
        if flags & HAS_ADAPTATION:
            length = data[start + 4]
            payload += 1 + length
            if length >= PCR_BYTES and data[start + 5] & HAS_PCR:
                yield Told(start + 6, pid, Kind.PCR, _pcr(data, start + 6))
        if data[start + 1] & BEGINS and flags & HAS_PAYLOAD and payload + PES_HEADER <= start + PACKET:
            yield from _of_pes(data, payload, pid)


def _of_pes(data: bytes | bytearray, at: int, pid: int) -> Iterator[Told]:
    known = data[at + 7] >> 6 if data[at : at + 3] == b"\x00\x00\x01" and data[at + 6] >> 6 == 2 else 0
    if known & 2:
        yield Told(at + 9, pid, Kind.PTS, _stamp(data, at + 9))
    if known == 3:
        yield Told(at + 14, pid, Kind.DTS, _stamp(data, at + 14))


def since(earlier: int, later: int) -> int:
    """Ticks from one time to another, less than half a round away: negative where it lies before."""
    return (later - earlier + ROUND // 2) % ROUND - ROUND // 2


def write(data: bytearray, told: Told, ticks: int) -> None:
    """Put another time in a time's place."""
    t, at = ticks % ROUND, told.at
    if told.kind is Kind.PCR:
        data[at : at + 4] = (t >> 1).to_bytes(4, "big")
        data[at + 4] = (t & 1) << 7 | data[at + 4] & 127
    else:
        marked = [data[at] & 0xF1 | t >> 29 & 14, t >> 22 & 255, t >> 14 & 254 | 1, t >> 7 & 255, t << 1 & 254 | 1]
        data[at : at + 5] = bytes(marked)


def _pcr(data: bytes | bytearray, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big") << 1 | data[at + 4] >> 7


def _stamp(data: bytes | bytearray, at: int) -> int:
    a, b, c, d, e = data[at : at + 5]
    return (a >> 1 & 7) << 30 | b << 22 | c >> 1 << 15 | d << 7 | e >> 1
