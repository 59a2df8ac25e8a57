"""AV1's units (OBUs; AV1 bitstream specification, 5.3), as far as MP4 cares for them."""

from __future__ import annotations

from collections.abc import Iterator

TEMPORAL_DELIMITER = 2


def without_delimiters(unit: bytes) -> bytes:
    """A temporal unit as MP4 stores it: without temporal delimiters (AV1 in ISOBMFF, 2.4)."""
    return b"".join(data for kind, data in _obus(unit) if kind != TEMPORAL_DELIMITER)


def _obus(unit: bytes) -> Iterator[tuple[int, bytes]]:
    """Type and bytes of each OBU; one without a length goes to the end."""
    start = 0
    while start < len(unit):
        head = unit[start]
        payload = start + 1 + bool(head & 4)
        length = len(unit) - payload
        if head & 2:
            length, payload = _leb128(unit, payload)
        yield head >> 3 & 15, unit[start : payload + length]
        start = payload + length


def _leb128(data: bytes, at: int) -> tuple[int, int]:
    """A number in groups of seven bits, and where it ends."""
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if not data[at - 1] & 0x80:
            return value, at
