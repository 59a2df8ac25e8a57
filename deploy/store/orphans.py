"""Objects that nobody wants any more, found by comparing the store with the log."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from processors.storage.named import TOPICS, Named
from processors.storage.places import PICTURES, SEGMENTS, SOURCES, video_of
from streams.multipart import Multipart, Unfinished
from streams.objects import Head, Objects
from streams.platform import Platform
from streams.tail import Tail

A_REQUEST = 1000  # objects
SOME = 100  # objects of unknown videos that prove nothing


class WrongLog(LookupError):
    """The log knows nothing of what the store holds: they hardly belong together."""


@dataclass
class Survey:
    """What was compared, and what came of it, of a log that was read from `began` (ms) on.

    `abandoned`: uploads of parts that nobody will finish.
    """

    began: int = 0
    objects: int = 0
    bytes: int = 0
    archived: int = 0
    orphans: list[Head] = field(default_factory=list[Head])
    reasons: dict[str, int] = field(default_factory=dict[str, int])
    abandoned: list[Unfinished] = field(default_factory=list[Unfinished])

    @property
    def orphaned_bytes(self) -> int:
        return sum(head.size for head in self.orphans)


async def survey(platform: Platform, objects: Objects) -> Survey:
    """Compare. The log is read first: what is stored meanwhile is too young to be an orphan.

    Raises WrongLog, and as `Tail` and `Objects`.
    """
    began = _now()
    return await compare(await read(platform), objects, _now(), began)


async def compare(named: Named, objects: Objects, now: int, began: int = 0) -> Survey:
    """The store with what a log names, as of `now` (ms)."""
    found = Survey(began)
    async for head in _listed(objects):
        found.objects += 1
        found.bytes += head.size
        found.archived += head.archived
        if reason := named.orphaned(head.key, head.modified, now):
            found.orphans.append(head)
            found.reasons[reason] = found.reasons.get(reason, 0) + 1
    if found.reasons.get("unknown video", 0) > max(SOME, found.objects // 2) or not named:
        raise WrongLog("the log knows hardly a video of what is stored: is it the one that belongs to this store?")
    unfinished = Multipart(objects).unfinished(SOURCES)
    found.abandoned = [one async for one in unfinished if named.abandoned(one.upload_id, one.started, now)]
    return found


async def read(platform: Platform) -> Named:
    """What the log names, from its beginning to now. Of a video with a record that can't be read, all is named."""
    tail, named = Tail(platform.settings, await platform.codec()), Named()
    async for recorded in tail.until_now(TOPICS):
        if recorded.event is None:
            named.spare(recorded.key)
        else:
            named.take(recorded.event, recorded.clock)
    return named


async def remove(platform: Platform, objects: Objects, found: Survey) -> None:
    """Remove the orphans, and the parts of uploads that nobody will finish.

    What a video is told of since the log was read may name its objects again: they stay.
    """
    tail = Tail(platform.settings, await platform.codec())
    for start in range(0, len(found.orphans), A_REQUEST):
        told = {recorded.key async for recorded in tail.until_now(TOPICS, found.began)}
        batch = found.orphans[start : start + A_REQUEST]
        await objects.delete_all([head.key for head in batch if video_of(head.key) not in told])
    for upload in found.abandoned:
        await Multipart(objects).abort(upload.key, upload.upload_id)


def _now() -> int:
    return time.time_ns() // 1_000_000


async def _listed(objects: Objects) -> AsyncIterator[Head]:
    """What is of videos; all else in the bucket is somebody else's."""
    for folder in (SOURCES, SEGMENTS, PICTURES):
        async for head in objects.list(folder):
            yield head
