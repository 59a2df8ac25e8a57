"""The level of a VP9 rendition: libavformat leaves it out of `vpcC`, and players ask for it."""

from __future__ import annotations

from processors.media.model import Rung

# webmproject.org/vp9/levels: level → most luma samples a second, most of a picture, most kb/s, longest side
LEVELS = {
    10: (829_440, 36_864, 200, 512),
    11: (2_764_800, 73_728, 800, 768),
    20: (4_608_000, 122_880, 1_800, 960),
    21: (9_216_000, 245_760, 3_600, 1_344),
    30: (20_736_000, 552_960, 7_200, 2_048),
    31: (36_864_000, 983_040, 12_000, 2_752),
    40: (83_558_400, 2_228_224, 18_000, 4_160),
    41: (160_432_128, 2_228_224, 30_000, 4_160),
    50: (311_951_360, 8_912_896, 60_000, 8_384),
    51: (588_251_136, 8_912_896, 120_000, 8_384),
    52: (1_176_502_272, 8_912_896, 180_000, 8_384),
}
LEVEL_AT = len(b"vpcC") + 4 + 1  # behind the name, version and flags, and the profile (VP9 in ISOBMFF)


def vp9_level(rung: Rung, rate: float) -> int:
    """The lowest level, ten times its number, that allows the rung's size, frame rate and peak."""
    size = rung.width * rung.height
    wanted = (size * rate, size, rung.max_kbps, max(rung.width, rung.height))
    fits = (level for level, most in LEVELS.items() if all(is_ <= may for is_, may in zip(wanted, most, strict=True)))
    return next(fits, max(LEVELS))


def with_level(init: bytes, rung: Rung, rate: float) -> bytes:
    """The initialisation segment with the level written into it."""
    at = init.index(b"vpcC") + LEVEL_AT
    return init[:at] + bytes([vp9_level(rung, rate)]) + init[at + 1 :]
