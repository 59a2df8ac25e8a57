"""Make a few pictures one way, as a chunk's are made: proof that an encoder, or a device that decodes, works here."""

from __future__ import annotations

import io
from fractions import Fraction

import av
import av.error
import msgspec
from av.codec.hwaccel import HWAccel
from av.video.frame import VideoFrame

from processors.media.colour import Colour
from processors.media.jobs import TryJob
from processors.media.lanes import blaming
from processors.media.limits import DeviceFailed
from processors.media.model import Rung
from processors.media.rendition import RungEncoder

RUNG = Rung(name="180p", width=320, height=180, max_kbps=1_000)  # devices refuse much smaller ones
BT709 = Colour(1, 1, 1)
FRAMES, RATE = 5, Fraction(25)


def try_way(job: TryJob) -> None:
    """Encode, and decode again where a device is to. Raises RungFailed or DeviceFailed."""
    rung = msgspec.structs.replace(RUNG, codec=job.codec)
    with blaming(rung):
        encoder = RungEncoder(rung, 1 / RATE, RATE, BT709, 0, job.way.encoder)
        made = [segment for n in range(FRAMES) for segment in encoder.encode(n, _grey(), key=not n)]
        made += encoder.finish(FRAMES)
    if job.way.decoder:
        _decode(encoder.init + made[0][1], job.way.decoder)


def _grey() -> VideoFrame:
    frame = VideoFrame(RUNG.width, RUNG.height, "yuv420p")
    for plane in frame.planes:
        plane.update(b"\x80" * plane.buffer_size)
    return frame


def _decode(data: bytes, device: str) -> None:
    try:
        with av.open(io.BytesIO(data), "r", hwaccel=HWAccel(device, allow_software_fallback=False)) as container:
            frames = sum(1 for _ in container.decode(video=0))
    except av.error.FFmpegError as error:
        raise DeviceFailed(f"{device}: {error}") from error
    if frames != FRAMES:
        raise DeviceFailed(f"{device} decoded {frames} of {FRAMES} frames")
