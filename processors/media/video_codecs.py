"""The forms in which pictures are encoded: their encoders' settings, and how frames lie in MP4.

Measured on ten seconds of Big Buck Bunny at 360p, one thread, luma PSNR against bits and frames a second: x264
veryfast 23: 42.7 dB, 299 kb/s, 511; x265 veryfast 26: 42.7, 207, 107; VP9 good-4 36: 42.6, 238, 79; SVT-AV1 preset 8
45: 42.4, 166, 144. VP9's realtime-6 is as fast as x264, and needs as many bits: nothing is won.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from processors.media.fragments import length_prefixed
from processors.media.mastering import without_messages
from processors.media.model import Rung
from processors.media.obu import without_delimiters
from processors.media.vp9_level import with_level


class Form(NamedTuple):
    """An encoder and how it is told; `sample` turns its packet into what MP4 stores.

    `init` mends an initialisation segment of a rung at a frame rate. `tag` is the sample entry, where the muxer has
    a choice: `hvc1`, not `hev1` (Apple HLS authoring 1.10). `pixels` are what the encoder is given.
    """

    encoder: str
    options: Callable[[Rung], dict[str, str]]
    sample: Callable[[bytes], bytes]
    tag: str | None = None
    init: Callable[[bytes, Rung, float], bytes] = lambda init, rung, rate: init
    pixels: str = "yuv420p"


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


def _x264_plain(rung: Rung) -> dict[str, str]:
    """No assembler, little search; what the parameter sets tell (references, B frames, transforms) as ever."""
    return {**_x264(rung), "x264-params": "asm=0:subme=1:me=dia:trellis=0:mbtree=0:rc-lookahead=10"}


def _x265_plain(rung: Rung) -> dict[str, str]:
    """No assembler, otherwise as ever: nearly all of its settings are told in parameter sets."""
    usual = _x265(rung)
    return {**usual, "x265-params": f"{usual['x265-params']}:asm=0"}


def _vpx_plain(rung: Rung) -> dict[str, str]:
    """The code for live pictures: no frames looked ahead, none that are not shown."""
    return {**_vpx(rung), "deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0", "auto-alt-ref": "0"}


def _svt_plain(rung: Rung) -> dict[str, str]:
    """No assembler."""
    usual = _svt(rung)
    return {**usual, "svtav1-params": f"{usual['svtav1-params']}:asm=0"}


def _nvenc(rung: Rung) -> dict[str, str]:
    """NVIDIA's constant quality under a peak; keys fall only where they are forced, as IDR frames in closed groups."""
    quality = {"rc": "vbr", "cq": str(rung.crf), "b": "0", "preset": "p5", "tune": "hq", "spatial-aq": "1"}
    capped = {name: value for name, value in _capped(rung).items() if name != "crf"}
    return {**capped, **quality, "forced-idr": "1", "no-scenecut": "1", "flags": "+cgop"}


HDR = Form("libx265", _x265, without_messages, tag="hvc1", pixels="yuv420p10le")
FORMS = {
    "h264": Form("libx264", _x264, length_prefixed),
    "hevc": Form("libx265", _x265, length_prefixed, tag="hvc1"),
    "hevc-pq": HDR, "hevc-hlg": HDR,
    "vp9": Form("libvpx-vp9", _vpx, bytes, init=with_level),
    "av1": Form("libsvtav1", _svt, without_delimiters),
}  # fmt: skip
"""How a codec is usually encoded."""

PLAIN = {
    "h264": ("libx264-plain", FORMS["h264"]._replace(options=_x264_plain)),
    "hevc": ("libx265-plain", FORMS["hevc"]._replace(options=_x265_plain)),
    "vp9": ("libvpx-vp9-plain", FORMS["vp9"]._replace(options=_vpx_plain)),
    "av1": ("libsvtav1-plain", FORMS["av1"]._replace(options=_svt_plain)),
}
"""What is tried where the usual way failed. PyAV's builds have one free encoder a codec, so it is the same one by its
plainest code: what crashes is nearly always hand-written assembler."""

HARDWARE = {
    "h264": ("h264_nvenc", Form("h264_nvenc", _nvenc, length_prefixed)),
    "hevc": ("hevc_nvenc", Form("hevc_nvenc", _nvenc, length_prefixed, tag="hvc1")),
    "av1": ("av1_nvenc", Form("av1_nvenc", _nvenc, without_delimiters)),
}


def form(codec: str, encoder: str = "") -> Form:
    """How a codec is encoded by an encoder of that name; "" and unknown names are the usual one."""
    named = dict(table[codec] for table in (PLAIN, HARDWARE) if codec in table)
    return named.get(encoder, FORMS[codec])
