"""Videos whose words are like those of another: OpenSearch's more_like_this."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from gateway.finding.question import HIDDEN, SHOWN
from gateway.measures import SOURCES_AWAY
from gateway.reads import FOUND
from gateway.recommending.searching import Hit, search_each
from gateway.services import Services
from streams.opensearch import alias
from streams.sinks import SinkDown

log = logging.getLogger("playlog.gateway")
MOST = 30  # hits for one video


async def alike_texts(services: Services, video_ids: Sequence[str]) -> dict[str, dict[str, float]]:
    """By video, those with like words: 0 to 1, of the score that it has with itself. {} where OpenSearch is away."""
    index = alias(services.settings, FOUND)
    try:
        found = await search_each(services.search, index, [like(index, video) for video in video_ids])
    except SinkDown as error:
        log.warning("recommending without what is alike: %s", error)
        SOURCES_AWAY.labels("alike").inc()
        return {}
    return {video: strengths(video, hits) for video, hits in zip(video_ids, found, strict=True)}


def like(index: str, video_id: str) -> dict[str, Any]:
    """The search. The video itself is among the hits, as the measure of the others.

    Rare words are chosen first but weigh no more: OpenSearch refuses the search (`boost must be positive`) where an
    index holds more versions that were replaced than documents, as one that is written at every view often does.
    """
    words = {
        "fields": ["title", "description", "tags"], "like": [{"_index": index, "_id": video_id}], "include": True,
        "min_term_freq": 1, "min_doc_freq": 2, "max_query_terms": 20, "minimum_should_match": "20%",
    }  # fmt: skip
    query = {"must": [{"more_like_this": words}], "filter": SHOWN, "must_not": HIDDEN}
    return {"query": {"bool": query}, "size": MOST + 1, "_source": False, "track_total_hits": False}


def strengths(video_id: str, hits: Sequence[Hit]) -> dict[str, float]:
    scores = {hit["_id"]: float(hit["_score"]) for hit in hits}
    itself = scores.pop(video_id, 0.0) or max(scores.values(), default=0.0)
    return {other: min(1.0, score / itself) for other, score in scores.items()} if itself > 0 else {}
