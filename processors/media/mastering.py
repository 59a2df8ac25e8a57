"""What an HDR10 source says of itself: the display it was made on (SMPTE ST 2086), its brightest light (CTA-861.3)."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from contextlib import suppress
from typing import BinaryIO, NamedTuple, cast

import av.error
from av.sidedata.sidedata import SideData, Type
from av.video.frame import VideoFrame

from processors.media.fragments import length_prefixed
from processors.media.frames import Concealed, decoded_from
from processors.media.source import Clock, opened, picture_stream

CHROMA, LUMA = 50_000, 10_000  # units of H.265, D.3.28: a 50,000th; a 10,000th of a nit
DISPLAY = struct.Struct("20i2I")  # AVMasteringDisplayMetadata: ten fractions and two flags
CONTENT = struct.Struct("2I")  # AVContentLightMetadata
START_CODE, SEI, MESSAGES = b"\x00\x00\x01", 39, (137, 144)  # H.265, annex B, 7.4.2.2, D.2.28 and D.2.35


class Mastering(NamedTuple):
    """In x265's words: `G(x,y)B(x,y)R(x,y)WP(x,y)L(most,least)`, and the brightest pixel and frame, `1000,400`."""

    display: str = ""
    content: str = ""

    def told(self, options: dict[str, str]) -> dict[str, str]:
        """An encoder's options with it: x265 then writes it beside the parameter sets (Apple HLS authoring 1.8)."""
        said = f":master-display={self.display}" if self.display else ""
        said += f":max-cll={self.content}" if self.content else ""
        return {**options, "x265-params": options["x265-params"] + said} if said else options


UNKNOWN = Mastering()


def mastering_of(file: BinaryIO) -> Mastering:
    """What the first frame of a source says: one answer for all its chunks. Raises what `opened` raises."""
    with opened(file) as container, suppress(av.error.FFmpegError):
        stream = picture_stream(container)
        first = next(decoded_from(container, stream, Clock(stream), 0, Concealed()), None)
        return _told(first.frame) if first else UNKNOWN
    return UNKNOWN


def without_messages(annex_b: bytes) -> bytes:
    """A coded picture as MP4 stores it, without what x265 repeats before each key frame: the configuration tells it."""
    units = (unit for unit in annex_b.split(START_CODE) if not _is_message(unit))
    return length_prefixed(START_CODE.join(units))


def _is_message(unit: bytes) -> bool:
    return len(unit) > 2 and unit[0] >> 1 & 63 == SEI and unit[2] in MESSAGES


def _told(frame: VideoFrame) -> Mastering:
    display, content = _said(frame, Type.MASTERING_DISPLAY_METADATA), _said(frame, Type.CONTENT_LIGHT_LEVEL)
    return Mastering(
        _display(display) if len(display) == DISPLAY.size else "",
        ",".join(map(str, CONTENT.unpack(content))) if len(content) == CONTENT.size else "",
    )


def _said(frame: VideoFrame, kind: Type) -> bytes:
    sides = cast("Iterable[SideData]", frame.side_data)
    return next((bytes(side) for side in sides if side.type == kind), b"")


def _display(data: bytes) -> str:
    """libavutil has red, green, blue, white, least and most light, as fractions. One that is half known is unknown."""
    *parts, has_primaries, has_light = DISPLAY.unpack(data)
    fractions = list(zip(parts[::2], parts[1::2], strict=True))
    if not has_primaries or not has_light or not all(below for _, below in fractions):
        return ""
    red, green, blue, white = (
        tuple(round(CHROMA * above / below) for above, below in fractions[n : n + 2]) for n in range(0, 8, 2)
    )
    least, most = (round(LUMA * above / below) for above, below in fractions[8:])
    return "G({},{})B({},{})R({},{})WP({},{})L({},{})".format(*green, *blue, *red, *white, most, least)
