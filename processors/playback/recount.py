"""Views and minutes counted straight from beacons, without state, batches or tables: what the views must say. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from processors.playback.enough import enough
from schemas.playback import PlaybackBeacon
from streams.event import hours, made_at, minutes


@dataclass
class Counts:
    """Of one video. Hours and minutes are their beginnings, ms since 1970; times watched are in ms."""

    views: int = 0
    watched_ms: int = 0
    stalled_ms: int = 0
    views_by_hour: Counter[int] = field(default_factory=Counter[int])
    watched_by_hour: Counter[int] = field(default_factory=Counter[int])
    watched_by_minute: Counter[int] = field(default_factory=Counter[int])


def recount(beacons: Iterable[PlaybackBeacon]) -> dict[str, Counts]:
    """Counts by video; of beacons with the same session and sequence the first counts, as long as all are at hand.

    The tallies keep 256 ranges of a session's numbers (`streams/once.py`): of a player that leaves more gaps, what
    comes late into the oldest counts here and in views, not in their minutes.
    """
    sessions: dict[str, dict[int, PlaybackBeacon]] = defaultdict(dict)
    for beacon in beacons:
        sessions[beacon.session_id].setdefault(beacon.sequence, beacon)
    counts: dict[str, Counts] = defaultdict(Counts)
    for session_id, told in sessions.items():
        _add(counts, session_id, list(told.values()))
    return dict(counts)


def _add(counts: dict[str, Counts], session_id: str, told: list[PlaybackBeacon]) -> None:
    for beacon in told:
        of = counts[beacon.video_id]
        of.watched_ms += beacon.advanced_ms
        of.stalled_ms += beacon.stalled_ms
        of.watched_by_hour[beacon.occurred_at // hours(1) * hours(1)] += beacon.advanced_ms
        of.watched_by_minute[beacon.occurred_at // minutes(1) * minutes(1)] += beacon.advanced_ms
    if sum(beacon.advanced_ms for beacon in told) >= min(enough(beacon.duration_ms) for beacon in told):
        of = counts[told[0].video_id]
        of.views += 1
        of.views_by_hour[made_at(session_id) // hours(1) * hours(1)] += 1
