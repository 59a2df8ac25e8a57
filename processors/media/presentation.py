"""What a manifest may list of a video, and at what rates. Pure, from measured segments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import count, pairwise
from typing import NamedTuple

import msgspec

from processors.media.ladder import step_for
from processors.media.model import Segment, Text, Track, Value

TARGET_S = 6  # Apple HLS authoring 7.5; every playlist of a video names the same (8.3)


class Presentation(Value, frozen=True, kw_only=True, dict=True):
    """A video's stored segments, in any order, and how far it is.

    `tracks` are those that may be listed, pictures from the lowest up; `duration_ms` is the plan's; `started_at` is
    when the encode began, in seconds since 1970. `complete`: nothing more will come. `texts` are whole.
    """

    tracks: list[Track]
    segments: list[Segment]
    complete: bool
    duration_ms: int
    started_at: float = 0.0
    texts: list[Text] = msgspec.field(default_factory=list[Text])

    def track(self, name: str) -> Track:
        """The track of that name. Raises KeyError for one that is not to be listed."""
        return {track.name: track for track in self.tracks}[name]

    def playing(self, kind: str) -> list[Track]:
        """The tracks of a kind of which something is listed: pictures codec by codec, from the lowest up."""
        listed, codecs = self.listed(), [track.codec for track in self.tracks]
        tracks = [track for track in self.tracks if track.kind == kind and listed.get(track.name)]
        return sorted(tracks, key=lambda track: (codecs.index(track.codec), track.height))

    def listed(self) -> dict[str, list[Segment]]:
        """What players may see of each rendition: segments from 0 on without a gap, as far as all have them.

        Tracks that are made later are left out: players see new ones only where they start. When complete, all of
        each: sound and pictures may differ by a last short segment.
        """
        return self._listed

    @cached_property
    def _listed(self) -> dict[str, list[Segment]]:
        """Once for all that ask: a day's segments are tens of thousands."""
        names = [track.name for track in self.tracks if self.complete or not track.later]
        stored = {name: list[Segment]() for name in names}
        for segment in self.segments:
            if segment.rendition in stored:
                stored[segment.rendition].append(segment)
        runs = {name: contiguous(of) for name, of in stored.items()}
        if self.complete:
            return runs
        common = min((len(run) for run in runs.values()), default=0)
        return {name: run[:common] for name, run in runs.items()}

    def takeovers(self, tracks: Iterable[Track]) -> list[int]:
        """The numbers where another encoder takes over from the one before it, on whichever of these tracks.

        Its parameter sets are in an initialisation segment of its own.
        """
        neighbours = (pair for track in tracks for pair in pairwise(self.listed().get(track.name, [])))
        return sorted({after.number for before, after in neighbours if after.init_key != before.init_key})

    @property
    def duration_s(self) -> float:
        """The planned length while growing; what there is when complete."""
        ends = [run[-1].end_seconds for run in self.listed().values() if run]
        return max(ends, default=0.0) if self.complete else self.duration_ms / 1000


class Rates(NamedTuple):
    """Bits a second."""

    peak: int
    average: int

    def __add__(self, other: object) -> Rates:
        if not isinstance(other, Rates):
            return NotImplemented
        return Rates(self.peak + other.peak, self.average + other.average)


def contiguous(segments: Iterable[Segment]) -> list[Segment]:
    """The segments numbered 0, 1, 2 … up to the first that is missing."""
    by_number = {segment.number: segment for segment in segments}
    missing = next(number for number in count() if number not in by_number)
    return [by_number[number] for number in range(missing)]


def rates(presentation: Presentation, track: Track) -> Rates:
    """A track's rates as measured (RFC 8216, 4.3.4.2).

    While a video grows they are at least a quarter of the rung's cap: a black opening would promise too little.
    """
    run = presentation.listed()[track.name]
    measured = Rates(_peak(run), _rate(run))
    if presentation.complete or track.kind != "video":
        return measured
    least = step_for(track.codec, track.height).max_kbps * 1000 // 4
    return Rates(max(measured.peak, least), max(measured.average, least))


def _peak(run: Sequence[Segment]) -> int:
    """The highest rate of neighbours that last between half and one and a half target durations."""
    highest = 0
    for first in range(len(run)):
        last, lasts = first, 0.0
        while last < len(run) and lasts + run[last].seconds <= 1.5 * TARGET_S:
            lasts += run[last].seconds
            last += 1
            if lasts >= TARGET_S / 2:
                highest = max(highest, _rate(run[first:last]))
    return highest or _rate(run)


def _rate(run: Sequence[Segment]) -> int:
    seconds = sum(segment.seconds for segment in run)
    return round(8 * sum(segment.bytes for segment in run) / seconds) if seconds else 0
