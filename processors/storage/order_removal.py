"""Order that the store lets go of what a video leaves behind: all of it once it is deleted, and replaced captions.

In:      videos         (VideoDeleted, CaptionAdded, CaptionRemoved, by video)
Out:     storage-tasks  (RemovalRequested, DiscardRequested)
State:   the objects of a video's captions, those that are captions no more, when a deleted video's objects go;
         dropped when they are gone
Replay:  safe: time is the partition's clock, a task is named by when it was due
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter

import msgspec

from schemas.storage_tasks import DiscardRequested, RemovalRequested
from schemas.videos import CaptionAdded, CaptionRemoved, VideoDeleted
from streams.event import Wake, hours, natural_id, seconds
from streams.processor import Moment, State, Step, fold

SOON = seconds(5)  # workers look every two seconds whether a video is still wanted
LATE = hours(8)  # an address to put a file at lives six
REPLACED = hours(1)  # players go on with the playlists that they have
MOST_UNNAMED = 1000  # that wait at once; what is beyond them is left to `playlog store orphans`


class Keeping(State, frozen=True):
    """Times are ms of the partition's clock.

    `captions`: the object of each language and origin; `unnamed`: objects that none of them is any more, and when
    they go; `rounds`: when everything goes: soon, and once more when nothing can be added.
    """

    captions: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    unnamed: dict[str, int] = msgspec.field(default_factory=dict[str, int])
    rounds: tuple[int, ...] = ()


@fold(reads=[VideoDeleted, CaptionAdded, CaptionRemoved], emits=[RemovalRequested, DiscardRequested])
def order_removal(
    keeping: Keeping, event: VideoDeleted | CaptionAdded | CaptionRemoved | Wake, at: Moment
) -> Step[Keeping]:
    """What is named again before its time stays."""
    if keeping.rounds:
        return _removal(keeping, event) if isinstance(event, Wake) else Step(keeping)
    match event:
        case VideoDeleted():
            rounds = (at.clock + SOON, at.clock + LATE)
            return Step(Keeping(rounds=rounds), wake_at=rounds[0])
        case CaptionAdded():
            return _with(keeping, {**keeping.captions, _place(event.language, event.origin): event.key}, at)
        case CaptionRemoved():
            of_language = _place(event.language, "")
            left = {place: key for place, key in keeping.captions.items() if not place.startswith(of_language)}
            return _with(keeping, left, at)
        case Wake():
            return _discard(keeping, event)


def _removal(keeping: Keeping, due: Wake) -> Step[Keeping]:
    task = RemovalRequested(task_id=natural_id(due.key, "removal", due.at), video_id=due.key)
    left = keeping.rounds[1:]
    return Step(Keeping(rounds=left) if left else None, [task], wake_at=left[0] if left else None)


def _with(keeping: Keeping, captions: Mapping[str, str], at: Moment) -> Step[Keeping]:
    """The captions from now on; those that are none of them any more go after a while."""
    named = set(captions.values())
    gone = dict.fromkeys(keeping.captions.values(), at.clock + REPLACED)
    waiting = [(key, due) for key, due in {**gone, **keeping.unnamed}.items() if key not in named]
    unnamed = dict(sorted(waiting, key=itemgetter(1))[:MOST_UNNAMED])
    if not captions and not unnamed:
        return Step(None, wake_at=None)
    return Step(Keeping(captions=dict(captions), unnamed=unnamed), wake_at=min(unnamed.values(), default=None))


def _discard(keeping: Keeping, wake: Wake) -> Step[Keeping]:
    """What was stored under the same name since is somebody's next caption, on its way through the log."""
    due = [key for key, when in keeping.unnamed.items() if when <= wake.at]
    left = {key: when for key, when in keeping.unnamed.items() if when > wake.at}
    task = DiscardRequested(
        task_id=natural_id(wake.key, "discard", wake.at), video_id=wake.key, keys=tuple(due), before=wake.at - REPLACED
    )
    after = Keeping(captions=keeping.captions, unnamed=left) if keeping.captions or left else None
    return Step(after, [task] if due else [], wake_at=min(left.values(), default=None))


def _place(language: str, origin: str) -> str:
    return f"{language} {origin}"
