"""What may not be found is not found, from the moment on that it may not; what changed is found at once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from schemas.videos import VideoDeleted, VideoDescribed, VideoFailed
from tests.integration.finding.conftest import OWNER, Shelf
from tests.integration.gateway.conftest import PATIENCE, eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def anywhere(shelf: Shelf, word: str) -> list[str]:
    """Ids of a word's videos in search and suggestions."""
    suggested = (await shelf.ask("/v1/suggest", q=word))["titles"]
    return sorted({*await shelf.found(word), *(one["video_id"] for one in suggested)})


@pytest.mark.parametrize("visibility", ["unlisted", "private"])
async def test_what_is_not_public_is_nowhere(shelf: Shelf, word: str, visibility: Any) -> None:
    video = await shelf.put(title=word, visibility=visibility)
    assert await anywhere(shelf, word) == []
    await shelf.describe(video, title=word, visibility="public")
    assert await anywhere(shelf, word) == [video]
    await shelf.describe(video, title=word, visibility=visibility)
    assert await anywhere(shelf, word) == []


async def test_what_is_not_published_is_nowhere(shelf: Shelf, word: str) -> None:
    await shelf.describe("0192f0c1-7a00-7c3e-8f2a-5b1f0c9d7e11", title=word)
    assert await anywhere(shelf, word) == []


async def test_what_was_deleted_or_failed_stays_hidden_whatever_is_said_of_it(shelf: Shelf, word: str) -> None:
    deleted, failed = await shelf.put(title=word), await shelf.put(title=word)
    await shelf.post(VideoDeleted(video_id=deleted, owner=OWNER))
    await shelf.post(VideoFailed(video_id=failed, code="x", reason="y"))
    await shelf.describe(deleted, title=f"{word} again")
    await shelf.describe(failed, title=f"{word} again")
    assert await anywhere(shelf, word) == []


async def test_hidden_videos_are_left_out_before_the_index_shows_it(shelf: Shelf, word: str) -> None:
    """Asked again and again while it is hidden: once the video's own page hides it, so does every search."""
    video = await shelf.put(title=word)
    assert await anywhere(shelf, word) == [video]
    hidden = VideoDescribed(video_id=video, owner=OWNER, title=word, visibility="private")
    await shelf.rig.services.log.post(hidden)
    closed = False
    async with asyncio.timeout(PATIENCE):
        while not closed:
            closed = (await shelf.client.get(f"/v1/videos/{video}")).status_code == 401
            found = (await shelf.client.get("/v1/search", params={"q": word})).json()["videos"]
            assert not (closed and found)


async def test_an_edit_is_found_without_asking_for_its_position(shelf: Shelf, word: str) -> None:
    video = await shelf.put(title=f"{word} before")
    assert await shelf.found(f"{word} before") == [video]
    await shelf.describe(video, title=f"{word} after")
    shelf.written.clear()

    async def seen() -> bool:
        return await shelf.found(f"{word} after") == [video]

    await eventually(seen)
    assert await shelf.found(f"{word} before") == []


async def test_an_edit_is_found_by_who_asks_for_its_position(shelf: Shelf, word: str) -> None:
    video = await shelf.put(title=f"{word} 0")
    for edit in range(1, 6):
        await shelf.describe(video, title=f"{word} edit{edit}")
        assert await shelf.found(f"{word} edit{edit}") == [video]
        assert await shelf.titles(f"{word} edi") == [f"{word} edit{edit}"]
