"""The spans of a video that one set of initialisation segments serves. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from processors.media.model import Segment
from processors.media.presentation import Presentation

Listed = Mapping[str, Sequence[Segment]]


class Span(NamedTuple):
    """The segments numbered from `first` to before `end`, of every track, and when they start."""

    first: int
    end: int
    start_s: Fraction

    def of(self, run: Sequence[Segment]) -> list[Segment]:
        """A track's. Sounds don't begin with the pictures but a frame later: the segment before covers that time.

        It is in two spans: dash.js would skip the beginning of a period that lacks sound.
        """
        inside = [segment for segment in run if self.first <= segment.number < self.end]
        late = inside and inside[0].number and Fraction(inside[0].start, inside[0].timescale) > self.start_s
        return [run[inside[0].number - 1], *inside] if late else inside


def spans(presentation: Presentation, listed: Listed) -> Iterator[Span]:
    """One for the whole video, and another from wherever an encoder takes over; pictures say when it starts."""
    tracks = [*presentation.playing("video"), *presentation.playing("audio")]
    runs = [listed[track.name] for track in tracks]
    for first, end in pairwise([0, *presentation.takeovers(tracks), max(map(len, runs), default=1)]):
        there = (run[first] for run in runs if first < len(run))
        start = next((Fraction(segment.start, segment.timescale) for segment in there), Fraction())
        yield Span(first, end, start if first else Fraction())
