"""`make up` over data of a release that knew fewer fields: its videos are found by the new ones."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import httpx
import msgspec
import pytest

from gateway.finding import question
from gateway.finding.question import Asked
from processors.library.found import FOUND
from streams import indices
from streams.opensearch import OpenSearchSink, alias
from streams.processor import Moment
from streams.settings import Settings
from streams.sinks import Placed
from streams.tables import Index

pytestmark = pytest.mark.asyncio(loop_scope="session")
NOW = 1_790_000_000_000
WORD: dict[str, Any] = {"type": "keyword"}
TEXT = {"type": "text", "fields": {"raw": {"type": "keyword", "ignore_above": 512}}}
FIRST_RELEASE = Index(
    "videos",
    key="video_id",
    fields={
        **dict.fromkeys(("video_id", "owner", "tags", "category", "language", "visibility", "state"), WORD),
        "title": TEXT,
        "description": {"type": "text"},
        "deleted": {"type": "boolean"},
        "created_at": {"type": "date"},
        "duration_ms": {"type": "long"},
    },
)


async def test_videos_of_the_first_release_are_found_by_what_is_new(servers: Settings) -> None:
    settings = replace(servers, namespace=f"o{uuid.uuid4().hex[:8]}")
    await indices.migrate(settings, [FIRST_RELEASE])
    sink = OpenSearchSink(settings, [FIRST_RELEASE])
    words: dict[str, Any] = {"title": "Crème brûlée", "tags": ["Nachtisch"], "created_at": NOW, "duration_ms": 1000}
    shown = FIRST_RELEASE.put(video_id="v", visibility="public", state="published", **words)
    await sink.write([Placed(shown, Moment("videos", 0, 1, 0), 0)])
    await sink.close()
    async with httpx.AsyncClient(base_url=settings.opensearch, timeout=60) as client:
        # an index of that release does not say what it was declared as
        body = {**indices.mapping(FIRST_RELEASE), "_meta": {}}
        (await client.put(f"/{alias(settings, FOUND)}/_mapping", json=body)).raise_for_status()
        try:
            await indices.migrate(settings, [FOUND])
            asked = question.search(Asked(text="creme nachtisch", tag="nachtisch"), NOW, 5)
            found = await client.post(
                f"/{alias(settings, FOUND)}/_search", content=msgspec.json.encode(asked),
                headers={"Content-Type": "application/json"},
            )  # fmt: skip
            assert [hit["_id"] for hit in found.raise_for_status().json()["hits"]["hits"]] == ["v"]
        finally:
            for version in (1, 2):
                await client.delete(f"/{alias(settings, FOUND)}-v{version}")
