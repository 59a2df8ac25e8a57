"""Follow a video's live events over server-sent events, through breaks of the connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import httpx
import msgspec

from gateway.client.gateway import Gateway, pause, refusal

QUIET = 45.0  # seconds without even a heartbeat: the connection is dead
BREAKS = 20


async def follow(gateway: Gateway, video_id: str) -> AsyncGenerator[dict[str, Any]]:
    """Events so far, then live, each once; raises Refused when the gateway refuses or stays away."""
    last, breaks = "", 0
    while True:
        try:
            async with aclosing(_stream(gateway, video_id, last)) as stream:
                async for place, event in stream:
                    last, breaks = place, 0
                    yield event
        except httpx.TransportError as error:
            if breaks == BREAKS:
                raise gateway.unreachable(error) from error
        breaks += 1
        await asyncio.sleep(pause(min(breaks, 5)))


async def _stream(gateway: Gateway, video_id: str, last: str) -> AsyncGenerator[tuple[str, dict[str, Any]]]:
    headers = {"Accept": "text/event-stream", **({"Last-Event-ID": last} if last else {})}
    timeout = httpx.Timeout(QUIET, connect=10)
    path = f"/v1/videos/{video_id}/events"
    async with gateway.http.stream("GET", path, headers=headers, timeout=timeout) as answer:
        if answer.status_code in (429, 502, 503):
            return
        if not answer.is_success:
            await answer.aread()
            raise refusal(answer)
        async for line in answer.aiter_lines():
            if line.startswith("id: "):
                last = line[4:]
            elif line.startswith("data: "):
                yield last, msgspec.json.decode(line[6:])
