"""Ask OpenSearch several things in one request, for a moment only: a list can do without what it says."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import msgspec

from gateway.finding.whole import require_whole
from streams.sinks import SinkDown

PATIENCE = 0.5  # seconds
NDJSON = {"Content-Type": "application/x-ndjson"}
Hit = Mapping[str, Any]


async def search_each(client: httpx.AsyncClient, index: str, bodies: Sequence[Mapping[str, Any]]) -> list[list[Hit]]:
    """The hits of each search, in order. Raises SinkDown where OpenSearch does not answer each in time and wholly."""
    if not bodies:
        return []
    lines = b"".join(msgspec.json.encode(part) + b"\n" for body in bodies for part in ({"index": index}, body))
    try:
        async with asyncio.timeout(PATIENCE):
            answer = await client.post("/_msearch", content=lines, headers=NDJSON)
    except (httpx.HTTPError, TimeoutError) as error:
        raise SinkDown(f"OpenSearch did not answer within {PATIENCE:g} s: {error!r}") from error
    if answer.is_error:
        raise SinkDown(f"OpenSearch can't answer just now: {answer.status_code} {answer.text[:300]}")
    return [hits_in(one) for one in answer.json()["responses"]]


def hits_in(answer: Mapping[str, Any]) -> list[Hit]:
    """The hits of one search; raises SinkDown where it was refused, or answered in part only."""
    if "error" in answer:
        raise SinkDown(f"OpenSearch refuses a search: {answer['error'].get('reason')}")
    require_whole(answer)
    return answer["hits"]["hits"]
