"""Which tracks there are: what manifests list as one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from processors.media.languages import known_language
from processors.media.model import AudioStream, Rung, Track

AUDIO = "audio"  # the default sound: stereo AAC
FIRST_CODEC = "h264"  # what every player plays; other codecs come when they are complete
GPU_CODECS = ("h264", "hevc", "av1")  # what NVENC encodes
SURROUND = 6  # channels
MOST_SOUNDS = 16
SOUND = Track(name=AUDIO, kind="audio", codec="aac", channels=2, default=True)


def sounds(streams: Sequence[AudioStream]) -> list[Track]:
    """The tracks of a source's sounds: stereo AAC of the first; later the others', and each in 5.1 and in Opus."""
    listed = list[Track]()
    for number, stream in enumerate(streams[:MOST_SOUNDS]):
        name = f"{AUDIO}-{number}" if number else AUDIO
        first = Track(
            name=name, kind="audio", codec="aac", channels=2, language=known_language(stream.language),
            title=stream.title, default=not number, later=bool(number), stream=stream.index,
        )  # fmt: skip
        surround = msgspec.structs.replace(first, name=f"{name}-5.1", channels=6, later=True)
        opus = msgspec.structs.replace(first, name=f"{name}-opus", codec="opus", later=True)
        listed += [first, *([surround] if stream.channels >= SURROUND else []), opus]
    return listed


def pictures(rungs: Iterable[Rung]) -> list[Track]:
    """The tracks of rungs, in their order."""
    return [_picture(rung.name, rung.codec) for rung in rungs]


def implied(names: Iterable[str], audio: bool) -> list[Track]:
    """The tracks of an encode that was planned before tracks were: H.264 rungs by name, and stereo AAC."""
    return [*(_picture(name, FIRST_CODEC) for name in names), *([SOUND] if audio else [])]


def _picture(name: str, codec: str) -> Track:
    height = int(name.partition("p")[0])
    return Track(name=name, kind="video", codec=codec, height=height, later=codec != FIRST_CODEC)
