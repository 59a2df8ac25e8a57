"""Where an edit list cuts into a picture: libavformat then shows the next one early, by up to its duration.

An MP4 that was cut without encoding it anew starts at a time between two pictures. Its demuxer drops the picture that
is on at that time and starts with the next one, at once; the sound it cuts exactly. So the picture would lead.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from itertools import islice
from typing import BinaryIO

import av.error
from av.container import InputContainer
from av.packet import Packet

from processors.media.source import has_pictures, opened, picture_stream

MOST = 2_000  # packets to look at: more than between two key frames


def picture_lead(file: BinaryIO) -> Fraction:
    """How many seconds too early the pictures of a file are shown, and so its sound must be, too."""
    with opened(file) as container:
        first = _first_shown(container)
        if first is None:
            return Fraction(0)
        place, shown = first.pos, _seconds(first)
    with opened(file, advanced_editlist="0") as container:
        truly = next((_seconds(packet) for packet in _packets(container) if packet.pos == place), shown)
    return truly - shown


def _first_shown(container: InputContainer) -> Packet | None:
    """The first packet of a picture to be shown, behind others that are there to be decoded only."""
    if not has_pictures(container):
        return None
    packets = _packets(container)
    first = next(packets, None)
    return next((packet for packet in packets if not packet.is_discard), None) if first and first.is_discard else None


def _packets(container: InputContainer) -> Iterator[Packet]:
    with suppress(av.error.FFmpegError):
        yield from islice((p for p in container.demux(picture_stream(container)) if p.pts is not None), MOST)


def _seconds(packet: Packet) -> Fraction:
    return Fraction(packet.pts or 0) * Fraction(packet.time_base or 1)
