"""Open an untrusted file: one named demuxer, no other protocol, limits on what it may be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any, BinaryIO

import av
import av.error
from av.codec.hwaccel import HWAccel
from av.container import InputContainer
from av.stream import Disposition, Stream
from av.video.stream import VideoStream as DecodedStream

from processors.media.limits import DeviceFailed
from processors.media.model import Unplayable
from processors.media.sniff import HEAD_BYTES, demuxer
from processors.media.steady import steady

FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,flv,ogg,asf,mpeg,mpegts,mxf,mp3,flac,wav"
OPTIONS = {"format_whitelist": FORMATS, "protocol_whitelist": "none", "max_streams": "64"}
READING: dict[str, Any] = {"metadata_errors": "surrogateescape"} if int(av.__version__.split(".")[0]) < 19 else {}
MOST_TICKS = 1_000_000  # finer time bases overflow the 32-bit fields of players


@contextmanager
def opened(file: BinaryIO, device: str = "", **options: str) -> Iterator[InputContainer]:
    """The container in `file`, closed at the end; `options` are for its demuxer.

    A `device`, such as "cuda", decodes what it can of the pictures, and hands them back in memory.

    Raises Unplayable: what `demuxer` raises; `damaged` when the container can't be read. With a device DeviceFailed
    in its place, whether it or the container is to blame.
    """
    name = sniffed(file)
    try:
        accelerated = HWAccel(device, allow_software_fallback=True) if device else None
        mended = steady(file) if name == "mpegts" else file
        container = av.open(mended, "r", format=name, options=OPTIONS | options, hwaccel=accelerated, **READING)
    except av.error.MemoryError:
        raise
    except (av.error.FFmpegError, ValueError) as error:
        raise (DeviceFailed(f"{device}: {error}") if device else damaged(name, error)) from error
    with container:
        yield container


def sniffed(file: BinaryIO) -> str:
    """The demuxer for the file, which is left at its beginning. Raises what `demuxer` raises."""
    file.seek(0)
    name = demuxer(file.read(HEAD_BYTES))
    file.seek(0)
    return name


def damaged(name: str, error: Exception) -> Unplayable:
    """What to say of a container that its own demuxer refuses."""
    return Unplayable(
        "damaged",
        f"The file begins like a video ({name}) but can't be read: its index is missing or broken. "
        f"Export it again and upload it whole. ({error})",
    )


def has_pictures(container: InputContainer) -> bool:
    """Whether there is more to see than a cover."""
    return any(not s.disposition & Disposition.attached_pic for s in container.streams.video)


def picture_stream(container: InputContainer) -> DecodedStream:
    """The stream to show: of those with moving pictures the default one, else the largest.

    Raises Unplayable: `no_video`, `unsupported_codec`.
    """
    streams = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    if not streams:
        held = "sound only" if container.streams.audio else "no pictures"
        raise Unplayable("no_video", f"The file holds {held}. Upload a file with a video track.")
    known = [stream for stream in streams if stream.codec_context is not None]
    if not known:
        raise Unplayable("unsupported_codec", "The pictures are in a codec we can't decode. Export it as H.264.")
    return max(known, key=_rank)


def _rank(stream: DecodedStream) -> tuple[bool, int, int]:
    """The first of equals: some files call all their streams default."""
    codec = stream.codec_context
    return bool(stream.disposition & Disposition.default), codec.width * codec.height, -stream.index


class Clock:
    """A stream's time: ticks from its start, in a time base that the output can keep exactly."""

    def __init__(self, stream: Stream) -> None:
        self.source = Fraction(stream.time_base or Fraction(1, 90_000))
        self.zero = stream.start_time or 0
        fine = self.source.denominator > MOST_TICKS
        self.base = Fraction(1, 90_000) if fine else self.source

    @property
    def zero_seconds(self) -> Fraction:
        """Where the stream starts on the container's timeline."""
        return self.zero * self.source

    def ticks(self, pts: int) -> int:
        """A presentation time of the source, in ticks of `base` from the stream's start."""
        since = pts - self.zero
        return since if self.base == self.source else round(since * self.source / self.base)

    def at(self, milliseconds: int) -> int:
        """The first tick not before a time."""
        return -(-Fraction(milliseconds, 1000) // self.base)

    def pts(self, ticks: int) -> int:
        """The source's presentation time at a tick: where to seek to."""
        return self.zero + int(ticks * self.base / self.source)

    def milliseconds(self, ticks: int) -> int:
        return round(ticks * self.base * 1000)
