"""`playlog trending`: the trending list of any time, computed from the log by the processors that make the live one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from gateway.reads import FOUND
from processors.ranking.trend import Trend, Trending, Window, ranked
from streams.event import days
from streams.platform import Platform
from streams.processor import Processor, View
from streams.tail import Recorded, Tail
from streams.topology import Row, Topology

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
    trends = (trend_of(document) for document in documents.values() if is_shown(document))
    order = ranked((trend for trend in trends if trend), window, at, least, limit)
    return [Past(documents[trend.video_id].get("title") or "", trend) for trend in order]


async def _documents(platform: Platform, at: int) -> dict[str, Row]:
    """The search documents as they stood."""
    tail = Tail(platform.settings, await platform.codec())
    videos = [recorded async for recorded in tail.until_now(["videos"])]
    watches = [recorded async for recorded in tail.until_now(["watches"], max(0, at - REACH))]
    return replayed(of_trends(platform), [*videos, *watches], at)


def of_trends(platform: Platform) -> list[Processor]:
    """The processors between a watch and a search document."""
    by_name = {processor.name: processor for processor in platform.processors}
    return [by_name[name] for name in PROCESSORS]


def replayed(processors: list[Processor], records: Iterable[Recorded], at: int) -> dict[str, Row]:
    """Search documents by video, made of the records that the broker had at `at` (ms). Pure."""
    topology = Topology(processors, rejects=True)
    for recorded in sorted((one for one in records if one.clock <= at), key=lambda one: one.clock):
        topology.advance(recorded.clock - topology.clock)
        if recorded.event is not None:
            topology.post(recorded.event)
    index = next(into for one in processors if isinstance(one, View) for into in one.into if into.name == FOUND.name)
    return {row[FOUND.key]: row for row in topology.rows(index)}


def is_shown(document: Row) -> bool:
    """As searches see it (`question.SHOWN`, `question.HIDDEN`)."""
    public = document.get("visibility") == "public" and document.get("state") == "published"
    return public and not document.get("deleted")


def trend_of(document: Row) -> Trend | None:
    """None for a video that nobody has watched."""
    return msgspec.convert(document, Trend) if "day_log" in document else None
