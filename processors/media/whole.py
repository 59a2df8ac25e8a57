"""Is the file as long as its own structure says? Finds uploads and exports that were cut off."""

from __future__ import annotations

from typing import BinaryIO

from processors.media.model import Unplayable

MOST_BOXES = 64  # a fragmented file has thousands; the first ones tell
UNKNOWN_LENGTHS = {(1 << 7 * n) - 1 for n in range(1, 9)}  # EBML: all value bits set (RFC 8794, 6.2)


def refuse_cut_off(file: BinaryIO, size: int, demuxer: str) -> None:
    """Raises Unplayable (`truncated`) when a container's outermost element ends after the file does."""
    lengths = {"mov": _mov_length, "matroska": _matroska_length, "avi": _avi_length}
    measure = lengths.get(demuxer)
    needed = measure(file, size) if measure else size
    file.seek(0)
    if needed > size:
        raise Unplayable(
            "truncated",
            f"The file was cut off: {size:,} bytes of at least {needed:,} are there. Upload or export it again.",
        )


def _mov_length(file: BinaryIO, size: int) -> int:
    """Where the last of the first top-level boxes ends (ISO 14496-12, 4.2)."""
    at = 0
    for _ in range(MOST_BOXES):
        file.seek(at)
        header = file.read(16)
        if len(header) < 8:
            break
        length = int.from_bytes(header[:4], "big")
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        if length < 8:  # 0: to the end of the file; else not a box
            break
        at += length
        if at >= size:
            return at
    return size


def _matroska_length(file: BinaryIO, size: int) -> int:
    """Where the Segment ends: after the EBML header comes an id of four bytes and a length (RFC 8794)."""
    file.seek(4)
    header, used = _ebml_length(file.read(8))
    segment = 4 + used + header
    file.seek(segment)
    if file.read(4) != b"\x18\x53\x80\x67":
        return size
    length, used = _ebml_length(file.read(8))
    return size if length in UNKNOWN_LENGTHS else segment + 4 + used + length


def _ebml_length(data: bytes) -> tuple[int, int]:
    """A variable-length integer and how many bytes it takes; (0, 1) when there is none."""
    if not data or data[0] == 0:
        return 0, 1
    used = 9 - data[0].bit_length()
    value = int.from_bytes(data[:used], "big") & ((1 << 7 * used) - 1)
    return value, used


def _avi_length(file: BinaryIO, size: int) -> int:
    """The first RIFF chunk's end; 0 and 0xFFFFFFFF are what unfinished recordings say."""
    file.seek(4)
    length = int.from_bytes(file.read(4), "little")
    return size if length in (0, 0xFFFFFFFF) else 8 + length
