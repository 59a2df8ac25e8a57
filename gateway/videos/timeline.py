"""Everything that ever happened to a video: GET /v1/videos/{video_id}/timeline."""

from __future__ import annotations

import msgspec

from gateway.cursors import decoded, encoded
from gateway.problems import FieldError, invalid
from gateway.reads import TIMELINE
from gateway.route import Call, Reply
from gateway.videos.known import watchable
from gateway.videos.told import Told, told_rows, visible

PAGE = 500
KEY = {"at": int, "topic": str, "partition": int, "offset": int}


class TimelineQuery(msgspec.Struct, frozen=True):
    """`cursor`: from the page before."""

    cursor: str | None = None
    limit: int = PAGE


class TimelinePage(msgspec.Struct, frozen=True):
    """Events in the order they were logged; `cursor` is null on the last page."""

    events: list[Told]
    cursor: str | None


async def show_timeline(call: Call, query: TimelineQuery) -> Reply[TimelinePage]:
    """The events of a video with their causes, oldest first; without the words that people wrote (`playlog why`)."""
    known = await watchable(call)
    if not 1 <= query.limit <= PAGE:
        raise invalid([FieldError("limit", f"must be 1 to {PAGE}")])
    after = decoded(query.cursor, KEY)
    rows = await call.services.rows.list(TIMELINE, after=after, limit=query.limit, video_id=known.video_id)
    last = {name: rows[-1][name] for name in KEY} if len(rows) == query.limit else None
    owner = bool(call.known and call.known.owns(known.owner))
    return Reply(TimelinePage(visible(told_rows(rows), owner), encoded(last)))
