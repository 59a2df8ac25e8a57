"""Codecs as RFC 6381 names them, read from an initialisation segment: what players ask a browser whether it plays."""

from __future__ import annotations

import re
from collections.abc import Iterable

from processors.media.boxes import Box, boxes, find

PICTURE_BYTES, STSD_BYTES = 78, 8  # of a visual sample entry, and of `stsd`, before their boxes


def codecs(init: bytes) -> str:
    """The (only) track's codec: `avc1.64001F`, `hvc1.1.6.L93.90`, `vp09.00.31.08…`, `mp4a.40.2`. Raises ValueError."""
    table = find(init, "moov/trak/mdia/minf/stbl/stsd")
    entry = next(boxes(init, table.payload + STSD_BYTES, table.end))
    match entry.kind:
        case b"avc1":
            return "avc1." + _inside(init, entry, "avcC")[1:4].hex().upper()
        case b"hvc1" | b"hev1":
            return entry.kind.decode() + _hevc(_inside(init, entry, "hvcC"))
        case b"vp09":
            return "vp09" + _vp9(_inside(init, entry, "vpcC"))
        case b"av01":
            return "av01" + _av1(_inside(init, entry, "av1C"), _colour(init, entry))
        case b"mp4a":
            return "mp4a.40.2"  # AAC-LC is all we make
        case b"Opus":
            return "opus"
        case kind:
            raise ValueError(f"no name known for codec {kind!r}")


def most_demanding(names: Iterable[str]) -> str:
    """Of names of one codec the one with the highest profile, and of those with the highest level."""
    return max(dict.fromkeys(names), key=_demands)


def _demands(name: str) -> list[int]:
    kind, _, rest = name.partition(".")
    return [int(rest, 16)] if kind == "avc1" else [int(number) for number in re.findall(r"\d+", rest)]


def _inside(init: bytes, entry: Box, name: str) -> bytes:
    box = find(init, name, entry.payload + PICTURE_BYTES, entry.end)
    return init[box.payload : box.end]


def _colour(init: bytes, entry: Box) -> list[int]:
    """Primaries, transfer, matrix and whether the range is full, from `colr`; empty where it isn't told."""
    inner = boxes(init, entry.payload + PICTURE_BYTES, entry.end)
    told = next((init[box.payload : box.end] for box in inner if box.kind == b"colr"), b"")
    if told[:4] not in (b"nclx", b"nclc"):
        return []
    return [told[5], told[7], told[9], told[10] >> 7 if told[:4] == b"nclx" else 0]


def _hevc(record: bytes) -> str:
    """ISO 14496-15, annex E: profile, compatibility (bits reversed), tier and level, constraints to the last set."""
    space = ("", "A", "B", "C")[record[1] >> 6]
    compatible = int(f"{int.from_bytes(record[2:6]):032b}"[::-1], 2)
    tier = "H" if record[1] & 0x20 else "L"
    constraints = record[6:12].rstrip(b"\0")
    return "".join(
        [f".{space}{record[1] & 31}.{compatible:X}.{tier}{record[12]}", *(f".{byte:X}" for byte in constraints)]
    )


def _vp9(record: bytes) -> str:
    """VP9 in ISOBMFF: profile, level, bit depth, chroma, primaries, transfer, matrix, range; all in two digits."""
    profile, level, packed, primaries, transfer, matrix = record[4:10]
    chroma = packed >> 1 & 7
    fields = (profile, level, packed >> 4, chroma, primaries, transfer, matrix, packed & 1)
    return "".join(f".{field:02}" for field in fields)


def _av1(record: bytes, colour: list[int]) -> str:
    """AV1 in ISOBMFF, section 5: profile, level and tier, bit depth; then monochrome, chroma and, if told, colour."""
    profile, level, flags = record[1] >> 5, record[1] & 31, record[2]
    depth = 12 if flags & 0x20 else 10 if flags & 0x40 else 8
    tier = "H" if flags & 0x80 else "M"
    chroma = f"{flags >> 3 & 1}{flags >> 2 & 1}{flags & 3}"
    told = [f".{value:02}" for value in colour[:3]] + [f".{value}" for value in colour[3:]]
    return "".join([f".{profile}.{level:02}{tier}.{depth:02}.{flags >> 4 & 1}.{chroma}", *told])
