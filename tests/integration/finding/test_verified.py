"""The index of videos is held against the log, page by page."""

from __future__ import annotations

import pytest

from processors.library.find_videos import find_videos
from processors.library.found import FOUND
from schemas.videos import VideoDeleted
from streams import stored
from streams.opensearch import alias
from streams.verification import verify
from tests.integration.finding.conftest import OWNER, Shelf
from tests.integration.gateway.conftest import eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_documents_equal_the_log_until_somebody_touches_them(
    shelf: Shelf, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "PAGE", 2)
    videos = [await shelf.put(title=f"{word} {number}", tags=["sea", "fog"]) for number in range(5)]
    await shelf.post(VideoDeleted(video_id=videos[4], owner=OWNER))
    assert sorted(await shelf.found(word)) == sorted(videos[:4])
    platform, search = shelf.rig.platform, shelf.rig.services.search

    async def equal() -> bool:  # what other tests have watched is on its way still
        return (await verify(platform, find_videos)).wrong == 0

    await eventually(equal)
    index = alias(platform.settings, FOUND)
    changed = {"doc": {"title": "another"}}
    (await search.post(f"/{index}/_update/{videos[0]}?refresh=true", json=changed)).raise_for_status()
    (await search.delete(f"/{index}/_doc/{videos[1]}?refresh=true")).raise_for_status()
    verdict = await verify(platform, find_videos)
    assert sorted(verdict.differences) == sorted(
        [
            f"videos {videos[0]}: title is 'another', by the log '{word} 0'",
            f"videos {videos[1]}: the row is missing",
        ]
    )
    assert verdict.rows >= 4
