"""Forget what a viewer has watched once more, after their last open player has fallen silent.

In:      watches  (WatchesForgotten, by viewer)
Out:     watches  (WatchesForgotten)
State:   when to forget again, and nothing of the account; dropped then, eight hours after the first time
Replay:  safe: the second WatchesForgotten has an id that follows from the viewer, by which it ends what the first began
"""

from __future__ import annotations

from schemas.watches import WatchesForgotten
from streams.event import Wake, hours, natural_id
from streams.processor import Moment, State, Step, fold

AGAIN_AFTER = hours(8)  # a playback token lives six, and a gateway believes a pseudonym for a minute


class Forgetting(State, frozen=True):
    """`again_at`: ms of the partition's clock."""

    again_at: int = 0


@fold(reads=WatchesForgotten, emits=WatchesForgotten)
def forget_again(_: Forgetting, event: WatchesForgotten | Wake, at: Moment) -> Step[Forgetting]:
    """What an open player sends is watched after the first time, and makes rows and state of the viewer anew.

    What takes more than eight hours to come through the log, behind a dead letter say, stays.
    """
    if isinstance(event, Wake):
        return Step(None, [WatchesForgotten(event_id=_second(event.key), viewer_id=event.key)])
    if event.event_id == _second(event.viewer_id):
        return Step(None)
    again_at = at.clock + AGAIN_AFTER
    return Step(Forgetting(again_at=again_at), wake_at=again_at)


def _second(viewer_id: str) -> str:
    return natural_id("watches forgotten again", viewer_id)
