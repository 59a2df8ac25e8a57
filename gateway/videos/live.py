"""A video's events as they happen: GET /v1/videos/{video_id}/events, server-sent events."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

from aiohttp import web

from gateway.problems import FieldError, Problem, invalid
from gateway.reads import TIMELINE
from gateway.route import Call
from gateway.services import Services
from gateway.videos.feed import CutOff, Subscription
from gateway.videos.known import watchable
from gateway.videos.told import Cursor, Told, sse, told_live, told_rows, visible
from streams.sinks import SinkDown

HEARTBEAT = 15.0  # seconds between comments that keep proxies from closing the connection
FIRST_LOOKS = (1.0, 4.0)  # seconds; the timeline may lag behind the log when a reader comes
OVERLAP = 60_000  # ms that a look at the timeline goes back
SEND_WITHIN = 30.0
PAGE = 1_000
MOST_LISTENERS = 5_000
HEADERS = {"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}


async def stream_events(call: Call) -> web.StreamResponse:
    """The events so far, then each as it happens. `id` is a cursor over topics; `Last-Event-ID` resumes behind it."""
    known = await watchable(call)
    cursor = _resumed(call.request.headers.get("Last-Event-ID", ""))
    owner = bool(call.known and call.known.owns(known.owner))
    if call.services.feed.listeners >= MOST_LISTENERS:
        raise Problem(503, "full", "Too many streams are open here.", "Try again in a while.", retry_after=10)
    response = web.StreamResponse(headers=HEADERS)
    with call.services.feed.subscribe(known.video_id) as heard:
        await response.prepare(call.request)
        try:
            await response.write(b"retry: 2000\n\n")
            async for told in _all(call.services, known.video_id, heard):
                await _send(response, told, cursor, owner)
        except (CutOff, SinkDown, TimeoutError, ConnectionError):
            pass  # the reader comes back and goes on where it was
    return response


async def _all(services: Services, video_id: str, heard: Subscription) -> AsyncIterator[Told | None]:
    """What the timeline holds, then what is heard; None is a heartbeat.

    Each heartbeat looks at the timeline again: what was not heard (the log was away, or the view lagged when
    the reader came) comes late, but comes. Repeats are left to the reader's cursor.
    """
    looks, since = iter(FIRST_LOOKS), 0
    while True:
        async for told in _stored(services, video_id, since):
            since = max(since, told.at - OVERLAP)
            yield told
        yield None
        until = time.monotonic() + next(looks, HEARTBEAT)
        while told := await _heard(heard, until):
            yield told


async def _stored(services: Services, video_id: str, since: int) -> AsyncIterator[Told]:
    """The timeline from a time on, page by page."""
    after: Mapping[str, Any] = {"at": since, "topic": "", "partition": 0, "offset": 0}
    places: dict[str, str] = {}
    while rows := await services.rows.list(TIMELINE, after=after, limit=PAGE, video_id=video_id):
        for told in told_rows(rows, places):
            yield told
        after = rows[-1]


async def _heard(heard: Subscription, until: float) -> Told | None:
    """The next live event, None when the time is up."""
    while (left := until - time.monotonic()) > 0:
        try:
            async with asyncio.timeout(left):
                recorded = await anext(heard)
        except TimeoutError:
            return None
        if told := told_live(recorded):
            return told
    return None


async def _send(response: web.StreamResponse, told: Told | None, cursor: Cursor, owner: bool) -> None:
    """Write one event, unless the reader has it; raises TimeoutError for a reader that takes nothing."""
    async with asyncio.timeout(SEND_WITHIN):
        if told is None:
            await response.write(b": still here\n\n")
        elif not cursor.passes(told):
            for seen in visible([told], owner):
                await response.write(sse(seen, cursor))


def _resumed(header: str) -> Cursor:
    try:
        return Cursor.parse(header[:500])
    except ValueError:
        raise invalid([FieldError("Last-Event-ID", "is not an id that this stream gave")]) from None
