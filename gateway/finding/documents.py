"""Ask OpenSearch for search documents."""

from __future__ import annotations

from typing import Any

import httpx
import msgspec

from gateway.finding.whole import require_whole
from gateway.reads import FOUND
from gateway.route import Call
from gateway.services import Services
from streams.opensearch import alias
from streams.sinks import SinkDown

JSON = {"Content-Type": "application/json"}


async def ask(services: Services, question: dict[str, Any]) -> dict[str, Any]:
    """The answer to a search; raises SinkDown where OpenSearch does not answer or could not look everywhere."""
    answer = await _post(services, "_search", msgspec.json.encode(question))
    require_whole(answer)
    return answer


async def settled(call: Call) -> None:
    """Let a caller who waits for a position of the log find what stands there: `Playlog-After`.

    Documents are found a fifth of a second after they are written, unless one asks for it: those who ask at about the
    same time share one refresh.
    """
    if "Playlog-After" in call.request.headers:
        await call.services.refreshes.one(lambda: _post(call.services, "_refresh"))


async def _post(services: Services, what: str, body: bytes = b"") -> dict[str, Any]:
    try:
        answer = await services.search.post(f"/{alias(services.settings, FOUND)}/{what}", content=body, headers=JSON)
    except httpx.HTTPError as error:
        raise SinkDown(f"OpenSearch did not answer: {error!r}") from error
    if answer.status_code in (404, 408, 429) or answer.is_server_error:
        raise SinkDown(f"OpenSearch can't answer just now: {answer.status_code} {answer.text[:300]}")
    if answer.is_error:
        raise RuntimeError(f"OpenSearch refuses a question: {answer.status_code} {answer.text[:500]}")
    return msgspec.json.decode(answer.content)
