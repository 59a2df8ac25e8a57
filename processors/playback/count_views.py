"""Count a view once a session has watched long enough.

In:      playback     (PlaybackBeacon, by session)
Out:     view-counts  (ViewCounted, by video)
State:   what a session has watched, and which beacons it was told; dropped eight hours after its last beacon
Replay:  safe: the same beacons give the same ViewCounted, with the same ids, in whatever order they came
"""

from __future__ import annotations

from processors.playback.enough import A_VIEW, REMEMBERED, enough
from schemas.playback import PlaybackBeacon
from schemas.view_counts import ViewCounted
from streams.event import made_at, natural_id
from streams.processor import State, Step, fold


class Watched(State, frozen=True):
    """`wanted_ms` is what makes a view: of a video whose length was not known at first, what is known by now."""

    watched_ms: int = 0
    wanted_ms: int = A_VIEW
    counted: bool = False

    def plus(self, beacon: PlaybackBeacon) -> Watched:
        """With what the beacon adds. A sum and a least value: the order does not matter."""
        watched, wanted = self.watched_ms + beacon.advanced_ms, min(self.wanted_ms, enough(beacon.duration_ms))
        return Watched(watched_ms=watched, wanted_ms=wanted, counted=watched >= wanted)


@fold(reads=PlaybackBeacon, emits=ViewCounted, once=True, forget_after=REMEMBERED)
def count_views(before: Watched, beacon: PlaybackBeacon) -> Step[Watched]:
    """One view a session: ten seconds watched, or 30 % of a shorter video; it counts when the session began."""
    watched = before.plus(beacon)
    return Step(watched, [_view(beacon)] if watched.counted and not before.counted else [])


def _view(beacon: PlaybackBeacon) -> ViewCounted:
    return ViewCounted(
        event_id=natural_id("view", beacon.session_id),
        occurred_at=made_at(beacon.session_id),
        video_id=beacon.video_id,
        session_id=beacon.session_id,
        viewer_id=beacon.viewer_id,
    )
