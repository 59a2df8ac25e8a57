"""The H.264 ladder as data, and which of its steps a source gets.

Rates: Apple, "HLS Authoring Specification for Apple Devices", table of H.264 variants (average kb/s: 360p 365,
432p 730–1100, 540p 2000, 720p 3000–4500, 1080p 6000–7800); 1440p and 2160p continue it in proportion to their
pixels, for H.264 is twice HEVC there. The cap is twice the upper average: peaks stay within rule 1.30.
"""

from __future__ import annotations

from processors.media.model import Rung, VideoStream

CRF = 23
STEPS: dict[int, int] = {  # height of a 16:9 picture → cap in kb/s
    360: 1_500,
    540: 4_000,
    720: 9_000,
    1080: 15_600,
    1440: 26_000,
    2160: 48_000,
}
WORTH_A_STEP = 1.2  # a source this much higher than its highest step gets one of its own height


def ladder(video: VideoStream) -> list[Rung]:
    """The rungs for a source, lowest first; none larger than the source, at least one."""
    nominal = nominal_height(video.display_width, video.display_height)
    heights = [height for height in STEPS if height <= nominal]
    if not heights or (nominal / heights[-1] >= WORTH_A_STEP and heights[-1] < max(STEPS)):
        heights.append(nominal)
    return [_rung(video, nominal, height) for height in heights]


def nominal_height(width: int, height: int) -> int:
    """The "p" of a picture: the short side of the smallest 16:9 box, upright or lying, that holds it.

    1920x800 is 1080p, as is 1080x1920.
    """
    short, long = sorted((width, height))
    return max(short, long * 9 // 16)


def _rung(video: VideoStream, nominal: int, height: int) -> Rung:
    share = height / nominal
    wide, high = shrunk(video.display_width, share), shrunk(video.display_height, share)
    return Rung(name=f"{height}p", width=wide, height=high, crf=CRF, max_kbps=cap_kbps(height))


def shrunk(side: int, share: float) -> int:
    """A side at a share of its length: even, since 4:2:0 knows no odd ones, and no longer than it was."""
    return max(2, min(round(side * share / 2) * 2, side // 2 * 2))


def cap_kbps(height: int) -> int:
    """The cap of the lowest step that is as high."""
    return next((cap for step, cap in STEPS.items() if step >= height), STEPS[max(STEPS)])
