"""Colour by name: the codes of ITU-T H.273, which FFmpeg shares, and what they mean for a rendition."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from processors.media.model import Rung, VideoStream

PRIMARIES = {
    1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m",
    8: "film", 9: "bt2020", 10: "smpte428", 11: "smpte431", 12: "smpte432", 22: "ebu3213",
}  # fmt: skip
TRANSFERS = {
    1: "bt709", 4: "gamma22", 5: "gamma28", 6: "smpte170m", 7: "smpte240m", 8: "linear", 11: "iec61966-2-4",
    13: "iec61966-2-1", 14: "bt2020-10", 15: "bt2020-12", 16: "smpte2084", 17: "smpte428", 18: "arib-std-b67",
}  # fmt: skip
MATRICES = {
    0: "gbr", 1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m",
    8: "ycgco", 9: "bt2020nc", 10: "bt2020c", 14: "ictcp",
}  # fmt: skip
RANGES = {1: "tv", 2: "pc"}
HDR = {"smpte2084": "hevc-pq", "arib-std-b67": "hevc-hlg"}  # PQ (HDR10, Dolby Vision) and HLG: the codec that keeps it
VIDEO_RANGES = {"hevc-pq": "PQ", "hevc-hlg": "HLG"}  # (RFC 8216bis, 4.4.6.2); of all other codecs SDR
HIGH_DEFINITION = 720  # lines; below it untagged video is BT.601 by custom
BT709, BT601, BT2020 = 1, 6, 9


class Colour(NamedTuple):
    """The codes a rendition is tagged with. Its range is always limited ("tv")."""

    primaries: int
    transfer: int
    matrix: int


def is_hdr(video: VideoStream) -> bool:
    return video.transfer in HDR


def hdr_codec(video: VideoStream) -> str | None:
    """The codec that keeps a source's HDR; None for SDR, and for colours that HDR10 and HLG (BT.2100) don't know."""
    usual = video.primaries in (None, "bt2020") and video.matrix in (None, "bt2020nc")
    return HDR.get(video.transfer or "") if usual else None


def keeps_hdr(rungs: Iterable[Rung]) -> bool:
    """Whether rungs, all of one codec, show HDR as HDR."""
    return any(rung.codec in VIDEO_RANGES for rung in rungs)


def rendition_colour(video: VideoStream, hdr: bool = False) -> Colour:
    """The source's own colour, SDR unless `hdr`; untagged sources get the custom of their size, on every rung alike.

    Without a tag players guess by size, so that rungs of one video would differ in colour.
    """
    usual = BT709 if video.height >= HIGH_DEFINITION else BT601
    if is_hdr(video) and hdr:
        return Colour(BT2020, code(TRANSFERS, video.transfer, usual), BT2020)
    if is_hdr(video):
        return Colour(BT709, BT709, BT709)
    matrix = code(MATRICES, video.matrix, usual)
    if matrix in (0, 8, 14):  # RGB and the like are converted to the usual one
        matrix = usual
    return Colour(code(PRIMARIES, video.primaries, usual), code(TRANSFERS, video.transfer, usual), matrix)


def code(names: dict[int, str], name: str | None, default: int) -> int:
    return next((number for number, known in names.items() if known == name), default)
