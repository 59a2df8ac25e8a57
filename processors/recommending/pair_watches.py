"""Tell each two videos that one viewer has watched about each other.

In:      watches     (VideoWatched, WatchesForgotten, by viewer)
Out:     co-watches  (WatchedTogether, by video)
State:   the viewer's distinct videos, the last 500; dropped a year after the last watch, or with the account
Replay:  safe: the same watches give the same pairs, with the same ids
"""

from __future__ import annotations

from schemas.co_watches import WatchedTogether
from schemas.watches import VideoWatched, WatchesForgotten
from streams.event import days, natural_id
from streams.processor import State, Step, fold

PAIRED = 50  # videos that a new one is paired with: an event's work is bounded
REMEMBERED = 500


class Watched(State, frozen=True):
    """`videos`: distinct, the last watched last."""

    videos: tuple[str, ...] = ()


@fold(reads=[VideoWatched, WatchesForgotten], emits=WatchedTogether, forget_after=days(365))
def pair_watches(watched: Watched, event: VideoWatched | WatchesForgotten) -> Step[Watched]:
    """A video new to the viewer is paired with the 50 they watched last, both ways: once a viewer and pair.

    What has fallen out of the last 500 is new again. With at most 50 videos a viewer the pairs are those of
    the set of what was watched, whatever the order and however often.
    """
    if isinstance(event, WatchesForgotten):
        return Step(None)
    others = tuple(video for video in watched.videos if video != event.video_id)
    known = len(others) < len(watched.videos)
    emit = [] if known else [pair for other in others[-PAIRED:] for pair in both_ways(event, other)]
    return Step(Watched(videos=(*others, event.video_id)[-REMEMBERED:]), emit)


def both_ways(event: VideoWatched, other: str) -> list[WatchedTogether]:
    """The pair told to either video. The viewer is in the ids only as part of a hash."""
    return [
        WatchedTogether(
            event_id=natural_id("together", event.viewer_id, video, beside), video_id=video, with_video_id=beside
        )
        for video, beside in ((event.video_id, other), (other, event.video_id))
    ]
