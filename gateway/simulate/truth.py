"""What every view must show, counted from what was confirmed. Pure, and shares no code with the processors.

A view: ten seconds watched, or 30 % of a shorter video. Its time is when the session began.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import permutations

from gateway.simulate.confirmed import Confirmed, Session

HOUR_MS, MINUTE_MS = 3_600_000, 60_000
Key = tuple[str, ...]
Numbers = Mapping[Key, int]  # view, video and perhaps hour or other video: how many


@dataclass(frozen=True)
class Watch:
    """A view that counted."""

    at: int
    video_id: str
    session_id: str


def watches(confirmed: Confirmed) -> dict[str, list[Watch]]:
    """Every viewer's views, newest first."""
    watched: Counter[str] = Counter()
    for (session_id, _), told in confirmed.beacons.items():
        watched[session_id] += told.seen.advanced_ms
    found: defaultdict[str, list[Watch]] = defaultdict(list)
    for session_id, session in confirmed.sessions.items():
        if watched[session_id] >= enough(session):
            found[session.viewer].append(Watch(session.began_at, session.video_id, session_id))
    return {
        viewer: sorted(some, key=lambda watch: (watch.at, watch.video_id), reverse=True)
        for viewer, some in found.items()
    }


def viewers_of(seen: Mapping[str, Iterable[Watch]]) -> Mapping[str, int]:
    """Distinct viewers, by video."""
    return Counter(video for some in seen.values() for video in {watch.video_id for watch in some})


def enough(session: Session) -> float:
    """Milliseconds that make a view; a length of 0 is not known."""
    return min(10_000, 0.3 * session.duration_ms) if session.duration_ms else 10_000


def numbers(confirmed: Confirmed) -> Numbers:
    """All counts and sums, by view and key; what is not there is 0."""
    counts = (_views(confirmed), _minutes(confirmed), _scores(confirmed), _pairs(confirmed))
    return {key: number for found in counts for key, number in found.items() if number}


def _views(confirmed: Confirmed) -> Numbers:
    found: Counter[Key] = Counter()
    for watch in (watch for some in watches(confirmed).values() for watch in some):
        found["views", watch.video_id] += 1
        found["views by hour", watch.video_id, _bucket(watch.at, HOUR_MS)] += 1
    return found


def _minutes(confirmed: Confirmed) -> Numbers:
    found: Counter[Key] = Counter()
    for (session_id, _), told in confirmed.beacons.items():
        video = confirmed.sessions[session_id].video_id
        hour, minute = _bucket(told.at, HOUR_MS), _bucket(told.at, MINUTE_MS)
        found["watched ms", video] += told.seen.advanced_ms
        found["stalled ms", video] += told.seen.stalled_ms
        found["watched ms by hour", video, hour] += told.seen.advanced_ms
        found["stalled ms by hour", video, hour] += told.seen.stalled_ms
        found["watched ms by minute", video, minute] += told.seen.advanced_ms
    return found


def _scores(confirmed: Confirmed) -> Numbers:
    found: Counter[Key] = Counter()
    for (_, video), stars in confirmed.ratings.items():
        if stars is not None:
            found["ratings", video] += 1
            found["stars", video] += stars
    return found


def _pairs(confirmed: Confirmed) -> Numbers:
    """Viewers of both videos, told of each of the two."""
    found: Counter[Key] = Counter()
    for some in watches(confirmed).values():
        for one, other in permutations({watch.video_id for watch in some}, 2):
            found["co-watches", one, other] += 1
    return found


def _bucket(at: int, width: int) -> str:
    """The bucket's start, ms since 1970."""
    return str(at // width * width)
