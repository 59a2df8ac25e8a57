"""Find videos by their words: GET /v1/search?q=."""

from __future__ import annotations

import time
from typing import Any

import httpx
import msgspec

from gateway.problems import FieldError, invalid
from gateway.reads import FOUND
from gateway.route import Call, Reply
from streams.opensearch import alias
from streams.sinks import SinkDown

MOST = 50
LONGEST = 200


class SearchQuery(msgspec.Struct, frozen=True):
    """`q`: the words looked for."""

    q: str
    limit: int = 20


class Found(msgspec.Struct, frozen=True):
    """One published, public video; `score` is comparable within one answer only."""

    video_id: str
    title: str
    owner: str | None
    duration_ms: int | None
    created_at: int | None
    watch: str
    poster: str
    score: float


class FoundVideos(msgspec.Struct, frozen=True):
    """Best first."""

    videos: list[Found]
    total: int


async def search_videos(call: Call, query: SearchQuery) -> Reply[FoundVideos]:
    """Public, published videos whose title, text or tags hold the words; spelling may be a little off."""
    if not query.q.strip() or len(query.q) > LONGEST or not 1 <= query.limit <= MOST:
        raise invalid([FieldError("q", f"must have 1 to {LONGEST} characters, and limit be 1 to {MOST}")])
    answer = await _ask(call.services.search, alias(call.services.settings, FOUND), question(query))
    found = [_found(call, hit) for hit in answer["hits"]["hits"]]
    return Reply(FoundVideos(found, answer["hits"]["total"]["value"]))


def question(query: SearchQuery) -> dict[str, Any]:
    """The search in OpenSearch's query language. What is not public and published is never in the answer."""
    words = {"query": query.q, "fields": ["title^4", "tags^2", "description"], "fuzziness": "AUTO", "operator": "and"}
    shown = [{"term": {"visibility": "public"}}, {"term": {"state": "published"}}]
    matching = {"must": [{"multi_match": words}], "filter": shown, "must_not": [{"term": {"deleted": True}}]}
    return {"query": {"bool": matching}, "size": query.limit, "track_total_hits": 10_000}


async def _ask(client: httpx.AsyncClient, index: str, body: dict[str, Any]) -> dict[str, Any]:
    try:
        answer = await client.post(f"/{index}/_search", json=body)
        answer.raise_for_status()
    except httpx.HTTPError as error:
        raise SinkDown(f"OpenSearch did not answer a search: {error!r}") from error
    return answer.json()


def _found(call: Call, hit: dict[str, Any]) -> Found:
    video, video_id = hit["_source"], hit["_id"]
    return Found(
        video_id, video.get("title", ""), video.get("owner"), video.get("duration_ms"), video.get("created_at"),
        f"/watch/{video_id}", f"{call.services.links.media(video_id, time.time())}/poster.jpg", hit["_score"],
    )  # fmt: skip
