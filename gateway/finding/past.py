"""`playlog trending`: the trending list of any time, computed from the log by the processors that make the live one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from gateway.finding.cards import on_shelves
from gateway.reads import FOUND
from processors.ranking.trend import Trend, Trending, Window, ranked
from streams.event import Event, days
from streams.harness import run
from streams.platform import Platform
from streams.processor import Fold, View
from streams.tail import Recorded, Tail
from streams.topology import Row

PROCESSORS = ("cap_votes", "score_trending", "find_videos")
REACH = days(40)  # a view that old weighs less than a millionth of a millionth of a new one, whatever the window


@dataclass(frozen=True)
class Past:
    """A video on the list, with the title it had at the time."""

    title: str
    trend: Trending


async def trending_at(platform: Platform, at: int, window: Window, least: int, limit: int) -> list[Past]:
    """The list as of `at` (ms since 1970, by the broker's clock): of what was in the log by then, and of no more.

    The same views, weighed by the same code, give what `GET /v1/trending` answered at the time: scores may differ in
    their last digits, as a video's votes are added up in another order. Raises LookupError where a topic is missing.
    """
    documents = await _documents(platform, at)
    trends = (trend_of(document) for document in documents.values() if on_shelves(document, "state"))
    order = ranked((trend for trend in trends if trend), window, at, least, limit)
    return [Past(documents[trend.video_id].get("title") or "", trend) for trend in order]


async def _documents(platform: Platform, at: int) -> dict[str, Row]:
    """The search documents as they stood."""
    tail = Tail(platform.settings, await platform.codec())
    videos = [recorded async for recorded in tail.until_now(["videos"]) if recorded.clock <= at]
    watches = [one async for one in tail.until_now(["watches"], max(0, at - REACH)) if one.clock <= at]
    cap, score, find = (_named(platform, name) for name in PROCESSORS)
    return replayed(cap, score, find, videos, watches)


def _named(platform: Platform, name: str) -> Any:
    return next(processor for processor in platform.processors if processor.name == name)


def replayed(
    cap: Fold, score: Fold, find: View, videos: Iterable[Recorded], watches: Iterable[Recorded]
) -> dict[str, Row]:
    """Search documents by video, out of all that `videos` and `watches` held at a time. Pure."""
    votes = run(cap, timed(watches, cap)).emitted
    end = max((vote.occurred_at for vote in votes), default=0)  # no vote is cast before its time
    scored = {event.partition_key: event for event in run(score, votes, clock=end).emitted}
    described = [item for item in timed(videos, find) if not isinstance(item, int)]
    found = run(find, [*described, *scored.values()]).rows
    return {row[FOUND.key]: row for row in found[FOUND.name]}


def timed(records: Iterable[Recorded], processor: Fold | View) -> Iterator[Event | int]:
    """What the processor reads of the records, by the broker's clock, and between two of them the ms that passed."""
    clock = 0
    for recorded in sorted(records, key=lambda one: one.clock):
        if isinstance(recorded.event, processor.reads):
            if recorded.clock > clock:
                yield recorded.clock - clock
                clock = recorded.clock
            yield recorded.event


def trend_of(document: Row) -> Trend | None:
    """None for a video that nobody has watched."""
    return msgspec.convert(document, Trend) if "day_log" in document else None
