"""From rows of segments to what manifests are made of. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

import msgspec

from gateway.videos.shown import Rendition
from processors.media.model import Keyframe, Segment
from processors.media.presentation import AUDIO, Presentation, contiguous, rates

SLACK_MS = {AUDIO: 500}  # sound may end a little before the picture
PATIENCE_MS = 60_000
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Listing:
    """What is stored of one encode of a video; `deleted` when the video is no longer to be shown."""

    encode_id: str
    presentation: Presentation
    poster_key: str | None = None
    deleted: bool = False

    @property
    def complete(self) -> bool:
        return self.presentation.complete

    def unbroken(self, name: str) -> list[Segment]:
        """A rendition's segments up to the first that is missing: those are there for good."""
        return self._unbroken.get(name, [])

    @cached_property
    def _unbroken(self) -> dict[str, list[Segment]]:
        segments = self.presentation.segments
        return {name: contiguous(s for s in segments if s.rendition == name) for name in self.presentation.renditions}

    @property
    def stored(self) -> int:
        return len(self.presentation.segments)

    @cached_property
    def tag(self) -> str:
        """Changes whenever a manifest made of this list would."""
        keys = sorted(segment.key for segments in self._listed.values() for segment in segments)
        return sha256(repr((keys, self.complete, self.presentation.duration_ms)).encode()).hexdigest()[:24]

    @cached_property
    def playable(self) -> bool:
        """Whether every planned rendition has something to list."""
        return bool(self._listed) and all(self._listed.values())

    @cached_property
    def renditions(self) -> list[Rendition]:
        """Highest first, the sound last; none before the video is playable."""
        if not self.playable:
            return []
        return sorted(map(self._rendition, self._listed), key=lambda rendition: -rendition.height)

    @cached_property
    def _listed(self) -> dict[str, list[Segment]]:
        return self.presentation.listed()

    def _rendition(self, name: str) -> Rendition:
        first = self._listed[name][0]
        return Rendition(name, first.width, first.height, first.codecs, rates(self.presentation, name).peak)


NONE = Listing("", Presentation(renditions=[], segments=[], complete=False, duration_ms=0))


def names_of(encode: Row) -> list[str]:
    """The renditions that an encode makes."""
    return [*(encode.get("rungs") or []), *([AUDIO] if encode.get("audio") else [])]


def listing(encode: Row, video: Row | None, segments: Sequence[Segment], now: float) -> Listing:
    """A listing of the stored segments of the running or last encode."""
    names = names_of(encode)
    presentation = Presentation(
        renditions=names, segments=list(segments), complete=_complete(encode, names, segments, now),
        duration_ms=encode.get("duration_ms") or 0, started_at=(encode.get("started_at") or 0) / 1000,
    )  # fmt: skip
    return Listing(encode["encode_id"], presentation, encode.get("poster_key"), bool((video or {}).get("deleted")))


def segment(row: Row) -> Segment:
    return Segment(
        rendition=row["rendition"], number=row["number"], key=row["object_key"], init_key=row["init_key"],
        codecs=row["codecs"], bytes=row["bytes"], start=row["start"], duration=row["duration"],
        timescale=row["timescale"], width=row.get("width") or 0, height=row.get("height") or 0,
        frame_rate=row.get("frame_rate") or 0.0,
        keyframes=msgspec.json.decode(row.get("keyframes") or "[]", type=list[Keyframe]),
    )  # fmt: skip


def _complete(encode: Row, names: Sequence[str], segments: Sequence[Segment], now: float) -> bool:
    """Whether all is there. The encode's row may be ahead of the segments' rows: two views keep them."""
    if encode.get("state") != "completed":
        return False
    if (encode.get("completed_at") or 0) < now * 1000 - PATIENCE_MS:
        return True
    runs = (contiguous(segment for segment in segments if segment.rendition == name) for name in names)
    return all(_reaches_end(run, encode.get("duration_ms") or 0) for run in runs)


def _reaches_end(run: Sequence[Segment], duration_ms: int) -> bool:
    return bool(run) and run[-1].end_seconds * 1000 >= duration_ms - SLACK_MS.get(run[-1].rendition, 50)
