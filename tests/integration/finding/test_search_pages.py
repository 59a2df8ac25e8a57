"""Page by page through a search: nothing is skipped, nothing comes twice, and no cursor can be bent."""

from __future__ import annotations

import base64

import pytest

from tests.integration.finding.conftest import Shelf

pytestmark = pytest.mark.asyncio(loop_scope="session")
SEARCH = "/v1/search"


async def pages(shelf: Shelf, limit: int, **query: str) -> list[list[str]]:
    """All pages of a search."""
    answer = await shelf.ask(SEARCH, limit=limit, **query)
    found = [[video["video_id"] for video in answer["videos"]]]
    while answer["cursor"]:
        answer = await shelf.ask(SEARCH, limit=limit, cursor=answer["cursor"], **query)
        found.append([video["video_id"] for video in answer["videos"]])
    return found


async def test_pages_hold_each_video_once_in_the_order_of_one_long_page(shelf: Shelf, word: str) -> None:
    made = [await shelf.put(title=f"{word} {'episode ' * (n % 3)}", age_ms=n * 1000) for n in range(25)]
    whole = await pages(shelf, 50, q=word)
    paged = await pages(shelf, 4, q=word)
    assert [video for page in paged for video in page] == whole[0]
    assert sorted(whole[0]) == sorted(made)
    assert [len(page) for page in paged] == [4, 4, 4, 4, 4, 4, 1]


async def test_what_is_indexed_meanwhile_moves_no_page(shelf: Shelf, word: str) -> None:
    made = [await shelf.put(title=f"{word} lesson", age_ms=n * 1000) for n in range(12)]
    answer = await shelf.ask(SEARCH, q=word, limit=5)
    found = [video["video_id"] for video in answer["videos"]]
    while answer["cursor"]:
        for _ in range(20):
            await shelf.put(title=f"lesson {word[::-1]}")
        await shelf.put(title=f"{word} lesson")
        answer = await shelf.ask(SEARCH, q=word, limit=5, cursor=answer["cursor"])
        found += [video["video_id"] for video in answer["videos"]]
    assert len(found) == len(set(found))
    assert set(made) <= set(found)


async def test_equal_scores_are_told_apart(shelf: Shelf, word: str) -> None:
    made = [await shelf.put(title=word, age_ms=5000) for _ in range(9)]
    paged = [video for page in await pages(shelf, 2, q=word) for video in page]
    assert sorted(paged) == sorted(made)


async def test_a_cursor_is_of_its_search_and_can_not_be_bent(shelf: Shelf, word: str) -> None:
    for n in range(3):
        await shelf.put(title=f"{word} b{n}")
    cursor = (await shelf.ask(SEARCH, q=word, limit=1))["cursor"]
    raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    bent = base64.urlsafe_b64encode(raw[:-1] + bytes([raw[-1] ^ 1])).decode().rstrip("=")
    for query in (
        {"q": word, "cursor": bent},
        {"q": word, "cursor": cursor[:-4]},
        {"q": word, "cursor": "x" * 5000},
        {"q": word, "cursor": "ä"},
        {"q": word + " b", "cursor": cursor},
        {"q": word, "language": "de", "cursor": cursor},
    ):
        answer = await shelf.client.get(SEARCH, params={**query, "limit": 1})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "cursor"), query
    assert (await shelf.client.get(SEARCH, params={"q": word, "cursor": cursor, "limit": 2})).status_code == 200
