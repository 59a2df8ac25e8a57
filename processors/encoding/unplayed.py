"""Which renditions of a video that nobody plays are given up. Pure.

Kept is what the first who comes back can watch at once, in good quality on a telephone: H.264 up to 540p, and the
default sound. By the caps of `processors/media/ladder.py` that is a fifth of what H.264 up to 1080p takes, and a tenth
of an archive's four codecs.
"""

from __future__ import annotations

from collections.abc import Sequence

from processors.media.model import Track
from processors.media.tracks import AUDIO, FIRST_CODEC

KEPT_HEIGHT = 540


def expendable(tracks: Sequence[Track]) -> list[str]:
    """The names of those that are given up, of all that there are."""
    first = sorted(track.height for track in tracks if track.codec == FIRST_CODEC)
    highest = max([KEPT_HEIGHT, *first[:1]])
    return [track.name for track in tracks if not _kept(track, highest)]


def _kept(track: Track, highest: int) -> bool:
    return track.name == AUDIO or (track.codec == FIRST_CODEC and track.height <= highest)
