"""Which tracks there are: what manifests list as one. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from processors.media.model import Rung, Track

AUDIO = "audio"  # the default sound: stereo AAC
FIRST_CODEC = "h264"  # what every player plays; other codecs come when they are complete
SOUND = Track(name=AUDIO, kind="audio", codec="aac", channels=2, default=True)


def pictures(rungs: Iterable[Rung]) -> list[Track]:
    """The tracks of rungs, in their order."""
    return [_picture(rung.name, rung.codec) for rung in rungs]


def implied(names: Iterable[str], audio: bool) -> list[Track]:
    """The tracks of an encode that was planned before tracks were: H.264 rungs by name, and stereo AAC."""
    return [*(_picture(name, FIRST_CODEC) for name in names), *([SOUND] if audio else [])]


def _picture(name: str, codec: str) -> Track:
    height = int(name.partition("p")[0])
    return Track(name=name, kind="video", codec=codec, height=height, later=codec != FIRST_CODEC)
