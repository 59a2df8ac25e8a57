"""Files that mean harm, or were harmed: made from a seed, so that a name leads to the same bytes again."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from tests.hostile.crafted import crafted
from tests.media_clips import Clip, make

SMALL = Clip(width=96, height=64, fps=12, seconds=1.5)
WHOLE = {
    "mp4": SMALL,
    "mkv": replace(SMALL, container="mkv"),
    "webm": replace(SMALL, container="webm", codec="vp9"),
    "avi": replace(SMALL, container="avi", codec="mpeg4"),
    "ts": replace(SMALL, container="ts", codec="mpeg2", fps=25),
    "mpg": replace(SMALL, container="mpg", codec="mpeg2", fps=25),
}
HEAD = 2_000  # bytes in which most of a container's structure lies


@cache
def whole(name: str) -> bytes:
    """A good file to harm."""
    return make(WHOLE[name])


def corpus(seed: int, harmed: int, address: str) -> Iterator[tuple[str, bytes]]:
    """All crafted files, which lead to `address` where they lead anywhere, and so many harmed ones: name, bytes."""
    yield from crafted(address)
    for number in range(harmed):
        chance = random.Random(f"{seed}-{number}")
        kind = chance.choice(sorted(WHOLE))
        harm = chance.choice(HARMS)
        yield f"{seed}-{number}: {kind}, {harm.__name__}", harm(whole(kind), chance)


def cut_off(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def bits_flipped(data: bytes, chance: random.Random) -> bytes:
    return _flipped(data, chance, len(data), chance.choice((1, 8, 64)))


def structure_flipped(data: bytes, chance: random.Random) -> bytes:
    """At the end, too: that is where an MP4 has its index."""
    turned = _flipped(data, chance, min(HEAD, len(data)), chance.choice((1, 4, 16)))
    return _flipped(turned[::-1], chance, min(HEAD, len(data)), chance.choice((1, 4)))[::-1]


def hole(data: bytes, chance: random.Random) -> bytes:
    """A run of zeros, as a disk leaves it that was full."""
    start = chance.randrange(len(data))
    length = chance.randrange(1, len(data) // 3)
    return data[:start] + bytes(len(data[start : start + length])) + data[start + length :]


def numbers_blown_up(data: bytes, chance: random.Random) -> bytes:
    """Fields of four bytes that become as large as they go."""
    blown = bytearray(data)
    for _ in range(3):
        at = chance.choice((chance.randrange(min(HEAD, len(data))), len(data) - chance.randrange(4, HEAD)))
        blown[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x00\x00\x00\x00"))
    return bytes(blown[: len(data)])


def spliced(data: bytes, chance: random.Random) -> bytes:
    """The head of one file and the rest of another, or of itself from elsewhere."""
    other = whole(chance.choice(sorted(WHOLE)))
    return data[: chance.randrange(len(data))] + other[chance.randrange(len(other)) :]


def _flipped(data: bytes, chance: random.Random, within: int, bits: int) -> bytes:
    turned = bytearray(data)
    for _ in range(bits):
        turned[chance.randrange(within)] ^= 1 << chance.randrange(8)
    return bytes(turned)


HARMS = (cut_off, bits_flipped, structure_flipped, hole, numbers_blown_up, spliced)
