"""`playlog why`: a video's events in the log's order, each with its cause, and what the video is waiting for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby

import msgspec

from gateway.videos.told import cause_of
from gateway.waiting import waiting_for
from streams.catalogue import Catalogue
from streams.event import hours, made_at
from streams.platform import Platform
from streams.tail import Recorded, Tail

KEY = "video_id"
SHOWN = ("title", "filename", "size", "kind", "part_count", "number", "rendition", "chunk", "attempt", "code", "reason",
         "error", "container", "duration_ms", "segments_planned")  # fmt: skip
LONGEST = 100
RUNS = {"PartStored", "SegmentStored", "SegmentsEncoded", "ChunkEncoded", "AudioEncoded", "RenditionCompleted"}


async def story(platform: Platform, video_id: str) -> list[str]:
    """Read the video's history from the log; raises LookupError for a video of which it holds nothing."""
    tail = Tail(platform.settings, await platform.codec())
    history = tail.history(topics(platform.catalogue), video_id, since=begun(video_id))
    records = [recorded async for recorded in history]
    if not records:
        raise LookupError(f"the log holds nothing about {video_id}\n  mend:   check the id: `playlog upload` prints it")
    return explained(records)


def begun(video_id: str) -> int:
    """When to begin to read, ms: its id says when the video was made; an hour before allows for clocks."""
    try:
        return max(0, made_at(video_id) - hours(1))
    except ValueError:
        raise LookupError(f"{video_id} is no video id\n  mend:   `playlog upload` prints it") from None


def topics(catalogue: Catalogue) -> list[str]:
    """The topics that are kept by video."""
    return [topic.name for topic in catalogue.topics.values() if topic.key == KEY]


def explained(records: Sequence[Recorded]) -> list[str]:
    """The lines to print. Topics are put in one order by the broker's time, then by cause."""
    ordered = in_order(records)
    start = ordered[0].clock
    causes = {str(r.position): _name(r) for r in ordered}
    lines = [line for run in _runs(ordered) for line in _lines(run, start, causes)]
    events = [recorded.event for recorded in ordered if recorded.event is not None]
    return [*lines, "", f"waiting for {waiting_for(events)}"]


def _runs(ordered: Sequence[Recorded]) -> Iterator[list[Recorded]]:
    """Events that come by the hundred are taken together by their kind, as long as nothing else happens."""
    for together, run in groupby(ordered, key=lambda r: "" if _name(r) in RUNS else str(r.position)):
        if together:
            yield list(run)
            continue
        by_name: dict[str, list[Recorded]] = {}
        for recorded in run:
            by_name.setdefault(_name(recorded), []).append(recorded)
        yield from by_name.values()


def in_order(records: Sequence[Recorded]) -> list[Recorded]:
    """By time; within a millisecond a cause comes before what it caused."""
    parents = {r.headers.get("event-id", ""): r.headers.get("causation-id", "") for r in records}
    return sorted(records, key=lambda r: (r.clock, _depth(r.headers.get("event-id", ""), parents), r.position.offset))


def _depth(event_id: str, parents: dict[str, str]) -> int:
    """How many causes lie before an event, as far as they are known."""
    depth, seen = 0, set[str]()
    while (event_id := parents.get(event_id, "")) and event_id not in seen:
        seen.add(event_id)
        depth += 1
    return depth


def _lines(run: Sequence[Recorded], start: int, causes: dict[str, str]) -> Iterator[str]:
    first, latest = run[0], run[-1]
    count = f" × {len(run)}" if len(run) > 1 else ""
    until = f" … +{_seconds(latest.clock - start)}" if len(run) > 1 else ""
    when = datetime.fromtimestamp(first.clock / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    what = f"{_name(first)}{count}  [{first.position}]"
    yield f"{when}  +{_seconds(first.clock - start)}{until}  {what}  {_cause(first, causes)}"
    if len(run) == 1 and (told := _told(first)):
        yield f"{'':23}  {told}"


def _cause(recorded: Recorded, causes: dict[str, str]) -> str:
    header = recorded.headers.get("cause", "")
    position, processor = cause_of(header), header.partition("/")[0]
    if position is None:
        return f"by {processor or 'nobody known'}"
    known = f"{causes[position]} " if position in causes else ""
    return f"by {processor} because of {known}[{position}]"


def _told(recorded: Recorded) -> str:
    if recorded.event is None:
        return recorded.problem
    fields = msgspec.to_builtins(recorded.event)
    known = [(name, fields[name]) for name in SHOWN if fields.get(name) not in (None, "", [])]
    return ", ".join(f"{name} {str(value)[:LONGEST]}" for name, value in known)


def _name(recorded: Recorded) -> str:
    return type(recorded.event).__name__ if recorded.event else "undecodable"


def _seconds(ms: int) -> str:
    return f"{ms / 1000:.3f} s"
