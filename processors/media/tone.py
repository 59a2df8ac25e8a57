"""HDR as SDR: a colour table made from the standards' own curves, the same on every machine.

PQ and HLG become light as a 1000 nit display shows it (SMPTE ST 2084; BT.2100, HLG with system gamma 1.2). What is
brighter than reference white, 203 nits (BT.2408), is rolled off by the curve of BT.2390-11, 5.4.1, on the brightest
component, so that hues stay. BT.2020 becomes BT.709 in linear light (BT.2087), what lies outside is clipped, and
BT.1886's inverse gives the code. Up to about 90 nits nothing changes but the scale; reference white is 90 % of SDR's.

FFmpeg's own `scale=intent=perceptual` does the like, but takes seven seconds to begin, again with every change of
dynamic metadata, and takes unmarked PQ for one of 10,000 nits, which makes it dark.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from math import exp

from av.video.frame import VideoFrame

LEVEL = 6  # a Hald table: LEVEL² steps a component, in a square of LEVEL³ pixels a side
STEPS, SIDE = LEVEL**2, LEVEL**3
PEAK, WHITE = 1000.0, 203.0  # nits: of the mastering display, and what becomes SDR's white
TO_709 = ((1.6605, -0.5876, -0.0728), (-0.1246, 1.1329, -0.0083), (-0.0182, -0.1006, 1.1187))
LUMA_2020 = (0.2627, 0.6780, 0.0593)
M1, M2 = 2610 / 16384, 2523 / 4096 * 128
C1, C2, C3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
HLG_A, HLG_B, HLG_C = 0.17883277, 0.28466892, 0.55991073

Colour = tuple[float, float, float]


def to_pq(nits: float) -> float:
    """ST 2084's code, 0 to 1, of a light."""
    light = (max(nits, 0.0) / 10_000) ** M1
    return ((C1 + C2 * light) / (1 + C3 * light)) ** M2


def from_pq(code: float) -> float:
    """The light of an ST 2084 code, in nits."""
    root = code ** (1 / M2)
    return 10_000 * (max(root - C1, 0.0) / (C2 - C3 * root)) ** (1 / M1)


def from_hlg(code: float) -> float:
    """BT.2100's scene light, 0 to 1, of an HLG code."""
    return code * code / 3 if code <= 0.5 else (exp((code - HLG_C) / HLG_A) + HLG_B) / 12


def rolled_off(nits: float) -> float:
    """BT.2390's curve from PEAK to WHITE: unchanged up to its knee, then bent so that PEAK becomes WHITE."""
    top = to_pq(PEAK)
    code, most = min(to_pq(nits) / top, 1.0), to_pq(WHITE) / top
    knee = 1.5 * most - 0.5
    if code < knee:
        return nits
    t = (code - knee) / (1 - knee)
    bent = (2 * t**3 - 3 * t**2 + 1) * knee + (t**3 - 2 * t**2 + t) * (1 - knee) + (3 * t**2 - 2 * t**3) * most
    return from_pq(bent * top)


def sdr(light: Colour) -> Colour:
    """The BT.709 code, 0 to 1, of a light in BT.2020, in nits."""
    brightest = max(light)
    share = rolled_off(brightest) / brightest / WHITE if brightest > 0 else 0.0
    scaled = [one * share for one in light]
    r, g, b = (sum(factor * one for factor, one in zip(row, scaled, strict=True)) for row in TO_709)
    return _code(r), _code(g), _code(b)


def _code(light: float) -> float:
    return min(max(light, 0.0), 1.0) ** (1 / 2.4)


@cache
def table(transfer: str) -> VideoFrame:
    """The table for `smpte2084` or `arib-std-b67` as a picture for libavfilter's `haldclut`."""
    shown = _of_pq() if transfer == "smpte2084" else _of_hlg()
    data = array("H")
    for blue in range(STEPS):
        for green in range(STEPS):
            for red in range(STEPS):
                data.extend(round(65_535 * code) for code in sdr(shown(red, green, blue)))
    return _picture(data.tobytes())


def _of_pq() -> Callable[[int, int, int], Colour]:
    light = [from_pq(step / (STEPS - 1)) for step in range(STEPS)]
    return lambda red, green, blue: (light[red], light[green], light[blue])


def _of_hlg() -> Callable[[int, int, int], Colour]:
    scene = [from_hlg(step / (STEPS - 1)) for step in range(STEPS)]

    def shown(red: int, green: int, blue: int) -> Colour:
        r, g, b = scene[red], scene[green], scene[blue]
        luma = LUMA_2020[0] * r + LUMA_2020[1] * g + LUMA_2020[2] * b
        gain = PEAK * luma**0.2
        return r * gain, g * gain, b * gain

    return shown


def _picture(pixels: bytes) -> VideoFrame:
    picture = VideoFrame(SIDE, SIDE, "rgb48le")
    plane, row = picture.planes[0], SIDE * 6
    lines = (pixels[start : start + row].ljust(plane.line_size, b"\0") for start in range(0, len(pixels), row))
    plane.update(b"".join(lines))
    picture.pts, picture.time_base = 0, Fraction(1, 1)
    return picture
