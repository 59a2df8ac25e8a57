"""The ladders as data, one a codec, and which of their steps a source gets.

Rates of H.264 and H.265: Apple, "HLS Authoring Specification for Apple Devices", tables of variants (averages in
kb/s; H.264: 234p 145, 360p 365, 432p 730–1100, 540p 2000, 720p 3000–4500, 1080p 6000–7800; 1440p and 2160p continue
it in proportion to their pixels, for H.264 is twice HEVC there; HEVC: 360p 145, 432p 300, 540p 600–1600, 720p
2400–3400, 1080p 4500–5800, 1440p 8100, 2160p 11600–16800; in HDR 360p 160, 432p 360, 540p 730–1930, 720p 2900–4080,
1080p 5400–7000, 1440p 9700, 2160p 13900–20000, at all sizes: 1.23). The cap is twice the upper average: peaks stay
within rule 1.30. VP9: Google, "Recommended Settings for VOD": quality and, as the cap, 145 % of the target rate. AV1:
two thirds of VP9's caps, for it needs 34 % less (Facebook, "AV1 beats x264 and libvpx-vp9 in practical use case",
2018).
"""

from __future__ import annotations

from typing import NamedTuple

from processors.media.model import Rung, VideoStream
from processors.media.tracks import FIRST_CODEC


class Step(NamedTuple):
    """The encoder's quality, and the cap in kb/s, of a 16:9 picture of some height."""

    crf: int
    max_kbps: int


HDR_LADDER = {
    360: Step(26, 720), 540: Step(26, 3_860), 720: Step(26, 8_160), 1080: Step(26, 14_000), 1440: Step(26, 19_400),
    2160: Step(26, 40_000),
}  # fmt: skip
LADDERS: dict[str, dict[int, Step]] = {
    "h264": {
        234: Step(23, 600), 360: Step(23, 1_500), 540: Step(23, 4_000), 720: Step(23, 9_000), 1080: Step(23, 15_600),
        1440: Step(23, 26_000), 2160: Step(23, 48_000),
    },
    "hevc": {
        360: Step(26, 600), 540: Step(26, 3_200), 720: Step(26, 6_800), 1080: Step(26, 11_600),
        1440: Step(26, 16_200), 2160: Step(26, 33_600),
    },
    "hevc-pq": HDR_LADDER, "hevc-hlg": HDR_LADDER,
    "vp9": {
        360: Step(36, 400), 540: Step(33, 1_088), 720: Step(32, 1_485), 1080: Step(31, 2_610),
        1440: Step(24, 8_700), 2160: Step(15, 17_400),
    },
    "av1": {
        360: Step(45, 267), 540: Step(42, 725), 720: Step(41, 990), 1080: Step(40, 1_740), 1440: Step(35, 5_800),
        2160: Step(35, 11_600),
    },
}  # fmt: skip
WORTH_A_STEP = 1.2  # a source this much higher than its highest step gets one of its own height


def ladder(video: VideoStream, codec: str = FIRST_CODEC, lowest: int = 360, highest: int = 2160) -> list[Rung]:
    """A codec's rungs for a source, lowest first; none larger than the source or `highest`, at least one."""
    nominal = nominal_height(video.display_width, video.display_height)
    most = min(nominal, highest)
    heights = [height for height in LADDERS[codec] if lowest <= height <= most]
    if not heights or (most / heights[-1] >= WORTH_A_STEP and heights[-1] < max(LADDERS[codec])):
        heights.append(most)
    return [_rung(video, codec, nominal, height) for height in heights]


def nominal_height(width: int, height: int) -> int:
    """The "p" of a picture: the short side of the smallest 16:9 box, upright or lying, that holds it.

    1920x800 is 1080p, as is 1080x1920.
    """
    short, long = sorted((width, height))
    return max(short, long * 9 // 16)


def _rung(video: VideoStream, codec: str, nominal: int, height: int) -> Rung:
    share, step = height / nominal, step_for(codec, height)
    wide, high = shrunk(video.display_width, share), shrunk(video.display_height, share)
    name = f"{height}p" if codec == FIRST_CODEC else f"{height}p-{codec}"
    return Rung(name=name, codec=codec, width=wide, height=high, crf=step.crf, max_kbps=step.max_kbps)


def shrunk(side: int, share: float) -> int:
    """A side at a share of its length: even, since 4:2:0 knows no odd ones, and no longer than it was."""
    return max(2, min(round(side * share / 2) * 2, side // 2 * 2))


def step_for(codec: str, height: int) -> Step:
    """The lowest step that is as high."""
    steps = LADDERS[codec]
    return next((step for known, step in steps.items() if known >= height), steps[max(steps)])
