"""How much is made of a video: the policies that owners and operators choose from, as data.

`fast`      H.264 alone, from 360p: what every player plays, soonest; then, as always, the other sounds and texts.
`balanced`  also 234p for bad networks (the lowest of Apple's table), and VP9 up to 720p: all browsers but Safari
            decode it, on nearly all devices in hardware, and 720p in three rungs is encoded on two cores about as
            fast as it plays (`video_codecs`: 79 frames a second and core at 360p, a quarter of that at 720p). What
            is smaller than 720p is what bad networks and telephones play: there a fifth less is worth having.
`archive`   every codec at every size: H.265 for Apple's devices, AV1 with half of H.264's bits. For owners who can
            wait, and for machines with many cores. Without GPUs: for the same picture they need more bits.
`hardware`  H.265 and AV1 at every size as well, by workers with a GPU: for operators who have such machines, and more
            videos than others could encode. Without one a video still plays in H.264, and the rest waits for it.

`gpu`: with `prefer` a worker uses its GPU if it has one that works; what `require`s one goes to those workers alone,
but for H.264, for which nobody shall wait.

Where H.265 is made of a source in HDR10 or HLG, it is made once more in HDR; all else is SDR, which everybody sees.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from processors.media.colour import hdr_codec
from processors.media.ladder import ladder
from processors.media.model import Gpu, Pass, Rung, VideoStream
from processors.media.tracks import FIRST_CODEC


class Policy(NamedTuple):
    """`lowest`: the height of the lowest H.264 rung; `later`: codecs of slower passes, in order, and their height."""

    lowest: int = 360
    later: tuple[tuple[str, int], ...] = ()
    gpu: Gpu = "prefer"


PolicyName = Literal["fast", "balanced", "archive", "hardware"]
POLICIES: dict[PolicyName, Policy] = {
    "fast": Policy(),
    "balanced": Policy(lowest=234, later=(("vp9", 720),)),
    "archive": Policy(lowest=234, later=(("vp9", 2160), ("hevc", 2160), ("av1", 2160)), gpu="never"),
    "hardware": Policy(lowest=234, later=(("hevc", 2160), ("av1", 2160)), gpu="require"),
}
USUAL: PolicyName = "fast"
SLOW_CHUNK_MS = 30_000
UNIT_MS = 6_000  # a segment
USUAL_LOAD = 1280 * 720 * 30  # samples a second with which a slow chunk of that length takes a minute or two


def policy_named(name: str) -> PolicyName | None:
    """The policy of that name."""
    return next((known for known in POLICIES if known == name), None)


def rungs(policy: PolicyName, video: VideoStream) -> list[Rung]:
    """All rungs of a source: H.264 first, then codec by codec, each from the lowest up."""
    first = ladder(video, FIRST_CODEC, lowest=POLICIES[policy].lowest)
    return first + [rung for codec, highest in _later(policy, video) for rung in ladder(video, codec, highest=highest)]


def passes(policy: PolicyName, video: VideoStream) -> list[Pass]:
    """The slower passes. Their chunks are shorter where pictures are large or many, for a task has minutes."""
    return [
        Pass(codec=codec, chunk_ms=_chunk_ms(ladder(video, codec, highest=highest)[-1], video.frame_rate))
        for codec, highest in _later(policy, video)
    ]


def _later(policy: PolicyName, video: VideoStream) -> Iterator[tuple[str, int]]:
    """The codecs of the slower passes for a source, in order, and their height."""
    for codec, highest in POLICIES[policy].later:
        yield codec, highest
        if codec == "hevc" and (hdr := hdr_codec(video)):
            yield hdr, highest


def _chunk_ms(highest: Rung, rate: float) -> int:
    """A multiple of a segment's length."""
    load = highest.width * highest.height * min(rate, 60)
    return max(UNIT_MS, min(SLOW_CHUNK_MS, int(SLOW_CHUNK_MS * USUAL_LOAD / load) // UNIT_MS * UNIT_MS))
