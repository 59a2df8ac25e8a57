"""Which encoders a machine has: tried out, each in a process of its own.

A hardware encoder is in every build and opens only where its device and driver are, and a driver may crash: so each is
opened by `python -m processors.media.encoders NAME`, which encodes one frame. Without a device PyAV's build says
"Operation not permitted".
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from fractions import Fraction
from functools import cache

import av
from av.video.frame import VideoFrame

from processors.media.isolation import ROOT
from processors.media.video_codecs import FORMS

SOFTWARE = tuple(form.encoder for form in FORMS.values())
HARDWARE = ("h264_nvenc", "hevc_nvenc", "av1_nvenc")
PATIENCE_S = 30  # that a driver has to answer


@cache
def refusals() -> Mapping[str, str]:
    """Of each encoder why it can't be used on this machine; "" for those that can."""
    return {name: _tried(name) for name in (*SOFTWARE, *HARDWARE)}


def _tried(name: str) -> str:
    """ "" when the encoder made a packet, else what it said last."""
    command = [sys.executable, "-m", __name__, name]
    try:
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    except subprocess.TimeoutExpired:
        return f"no answer in {PATIENCE_S} s"
    said = ended.stderr.strip().splitlines()
    return "" if ended.returncode == 0 else said[-1] if said else f"ended with status {ended.returncode}"


def encode_one_frame(name: str) -> None:
    """Raises av.error.FFmpegError, or ValueError where the build has no such encoder."""
    codec = av.CodecContext.create(name, "w")
    assert isinstance(codec, av.VideoCodecContext)
    codec.width, codec.height, codec.pix_fmt, codec.framerate = 256, 256, "yuv420p", Fraction(25)
    packets = [*codec.encode(VideoFrame(256, 256, "yuv420p")), *codec.encode(None)]
    if not packets:
        raise ValueError(f"{name} made nothing of a frame")


if __name__ == "__main__":
    encode_one_frame(sys.argv[1])
