"""From rows of segments to what manifests are made of. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from typing import Any

import msgspec

from gateway.videos.pictures import keys_of
from gateway.videos.shown import Rendition
from processors.media.model import Keyframe, Segment, Text, Track
from processors.media.presentation import Presentation, contiguous, rates
from processors.media.tracks import implied

SLACK_MS = {"video": 50, "audio": 500}  # sound may end a little before the picture
PATIENCE_MS = 60_000
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Listing:
    """What is stored of one encode of a video; `deleted` when the video is no longer to be shown.

    `pictures`: the object behind each name, such as poster.jpg. `settled`: no more tracks will come. `unplayed`: some
    were given up because nobody played them.
    """

    encode_id: str
    presentation: Presentation
    pictures: Mapping[str, str] = field(default_factory=dict[str, str])
    deleted: bool = False
    settled: bool = False
    unplayed: bool = False

    @property
    def complete(self) -> bool:
        return self.presentation.complete

    def unbroken(self, name: str) -> list[Segment]:
        """A rendition's segments up to the first that is missing: those are there for good."""
        return self._unbroken.get(name, [])

    @cached_property
    def _unbroken(self) -> dict[str, list[Segment]]:
        segments, names = self.presentation.segments, [track.name for track in self.presentation.tracks]
        return {name: contiguous(s for s in segments if s.rendition == name) for name in names}

    def with_texts(self, texts: list[Text]) -> Listing:
        """The same with texts beside it."""
        return replace(self, presentation=msgspec.structs.replace(self.presentation, texts=texts))

    @property
    def stored(self) -> int:
        return len(self.presentation.segments)

    @cached_property
    def tag(self) -> str:
        """Changes whenever a manifest made of this list would."""
        keys = sorted(segment.key for segments in self._listed.values() for segment in segments)
        keys += [f"{text.key} {text.title}" for text in self.presentation.texts]
        return sha256(repr((keys, self.complete, self.presentation.duration_ms)).encode()).hexdigest()[:24]

    @cached_property
    def playable(self) -> bool:
        """Whether every track has something to list."""
        return bool(self._listed) and all(self._listed.values())

    @cached_property
    def renditions(self) -> list[Rendition]:
        """Highest first, the sound last; none before the video is playable."""
        if not self.playable:
            return []
        return sorted(map(self._rendition, self.presentation.tracks), key=lambda rendition: -rendition.height)

    @cached_property
    def _listed(self) -> dict[str, list[Segment]]:
        return self.presentation.listed()

    def _rendition(self, track: Track) -> Rendition:
        first = self._listed[track.name][0]
        return Rendition(track.name, first.width, first.height, first.codecs, rates(self.presentation, track).peak)


NONE = Listing("", Presentation(tracks=[], segments=[], complete=False, duration_ms=0))


def tracks_of(encode: Row) -> list[Track]:
    """The tracks of an encode that may be listed, those made later once they are complete; older ones imply them."""
    added = encode.get("added") or []
    return [track for track in _wanted(encode) if not track.later or track.name in added]


def _wanted(encode: Row) -> list[Track]:
    """The planned tracks but for those that could not be made, bring nothing, or were given up since."""
    planned = msgspec.json.decode(encode.get("tracks") or "[]", type=list[Track])
    gone = {*(encode.get("dropped") or []), *(encode.get("trimmed") or []), *unplayed(encode)}
    tracks = planned or implied(encode.get("rungs") or [], bool(encode.get("audio")))
    return [track for track in tracks if track.name not in gone]


def unplayed(encode: Row) -> list[str]:
    """The tracks of the encode that were given up because nobody played them."""
    return (encode.get("unplayed") or []) if encode.get("unplayed_of") == encode["encode_id"] else []


def listing(encode: Row, video: Row | None, segments: Sequence[Segment], now: float) -> Listing:
    """A listing of the stored segments of the running or last encode."""
    tracks = tracks_of(encode)
    complete = _all_there(encode, [track for track in tracks if not track.later], segments, "completed_at", now)
    listed = [t for t in tracks if not t.later or (complete and _all_there(encode, [t], segments, "added_at", now))]
    presentation = Presentation(
        tracks=listed, segments=list(segments), complete=complete,
        duration_ms=encode.get("duration_ms") or 0, started_at=(encode.get("started_at") or 0) / 1000,
    )  # fmt: skip
    return Listing(
        encode["encode_id"], presentation, keys_of(encode, video), bool((video or {}).get("deleted")),
        settled=complete and listed == _wanted(encode), unplayed=bool(unplayed(encode)),
    )  # fmt: skip


def segment(row: Row) -> Segment:
    return Segment(
        rendition=row["rendition"], number=row["number"], key=row["object_key"], init_key=row["init_key"],
        codecs=row["codecs"], bytes=row["bytes"], start=row["start"], duration=row["duration"],
        timescale=row["timescale"], width=row.get("width") or 0, height=row.get("height") or 0,
        frame_rate=row.get("frame_rate") or 0.0,
        keyframes=msgspec.json.decode(row.get("keyframes") or "[]", type=list[Keyframe]),
    )  # fmt: skip


def _all_there(encode: Row, tracks: Sequence[Track], segments: Sequence[Segment], since: str, now: float) -> bool:
    """Whether all is there of `tracks`, complete `since`. The encode's row may be ahead of the segments' rows."""
    if encode.get("state") != "completed":
        return False
    if _counted(encode, tracks, segments):
        return True
    if (encode.get(since) or 0) < now * 1000 - PATIENCE_MS:
        return True
    return all(_reaches_end(track, segments, encode.get("duration_ms") or 0) for track in tracks)


def _counted(encode: Row, tracks: Sequence[Track], segments: Sequence[Segment]) -> bool:
    """Whether each has as many segments as were made of it; older encodes do not say how many."""
    made = {**(encode.get("counts") or {}), **(encode.get("added_counts") or {})}
    stored = Counter(segment.rendition for segment in segments)
    return all(track.name in made and stored[track.name] >= made[track.name] for track in tracks)


def _reaches_end(track: Track, segments: Sequence[Segment], duration_ms: int) -> bool:
    run = contiguous(segment for segment in segments if segment.rendition == track.name)
    return bool(run) and run[-1].end_seconds * 1000 >= duration_ms - SLACK_MS[track.kind]
