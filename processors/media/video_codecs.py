"""The forms in which pictures are encoded: their encoders' settings, and how frames lie in MP4.

Measured on ten seconds of Big Buck Bunny at 360p, one thread, luma PSNR against bits and frames a second: x264
veryfast 23: 42.7 dB, 299 kb/s, 511; x265 veryfast 26: 42.7, 207, 107; VP9 good-4 36: 42.6, 238, 79; SVT-AV1 preset 8
45: 42.4, 166, 144. VP9's realtime-6 is as fast as x264, and needs as many bits: nothing is won.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from processors.media.fragments import length_prefixed
from processors.media.model import Rung
from processors.media.obu import without_delimiters
from processors.media.vp9_level import with_level


class Form(NamedTuple):
    """An encoder and how it is told; `sample` turns its packet into what MP4 stores.

    `init` mends an initialisation segment of a rung at a frame rate. `tag` is the sample entry, where the muxer has
    a choice: `hvc1`, not `hev1` (Apple HLS authoring 1.10).
    """

    encoder: str
    options: Callable[[Rung], dict[str, str]]
    sample: Callable[[bytes], bytes]
    tag: str | None = None
    init: Callable[[bytes, Rung, float], bytes] = lambda init, rung, rate: init


def _capped(rung: Rung) -> dict[str, str]:
    """The peak of a constant quality: averaged over a second and a half."""
    return {"crf": str(rung.crf), "maxrate": f"{rung.max_kbps}k", "bufsize": f"{rung.max_kbps * 3 // 2}k"}


def _x264(rung: Rung) -> dict[str, str]:
    """Measured against ffmpeg's veryfast: same picture, and keys fall only where they are forced."""
    return {**_capped(rung), "preset": "veryfast", "sc_threshold": "0", "flags": "+cgop", "forced-idr": "1"}


def _x265(rung: Rung) -> dict[str, str]:
    """Closed GOPs from forced keys, on one thread; `info` would put the settings into the first frame."""
    how = "open-gop=0:scenecut=0:info=0:log-level=none:pools=none:frame-threads=1"
    return {**_capped(rung), "preset": "veryfast", "forced-idr": "1", "x265-params": how}


def _vpx(rung: Rung) -> dict[str, str]:
    """Constrained quality: never better than the quality asked for, never more than the rate."""
    rate = {"crf": str(rung.crf), "b": f"{rung.max_kbps}k", "maxrate": f"{rung.max_kbps}k"}
    return {**rate, "deadline": "good", "cpu-used": "4", "row-mt": "0", "lag-in-frames": "16", "auto-alt-ref": "1"}


def _svt(rung: Rung) -> dict[str, str]:
    """Preset 8 is the fastest that its makers mean to be watched; `lp=1`: one thread."""
    how = f"enable-force-key-frames=1:scd=0:keyint=-1:lp=1:mbr={rung.max_kbps}"
    return {"crf": str(rung.crf), "preset": "8", "svtav1-params": how}


FORMS = {
    "h264": Form("libx264", _x264, length_prefixed),
    "hevc": Form("libx265", _x265, length_prefixed, tag="hvc1"),
    "vp9": Form("libvpx-vp9", _vpx, bytes, init=with_level),
    "av1": Form("libsvtav1", _svt, without_delimiters),
}
