"""Anything may be typed into a search box: it is text, and nobody else notices."""

from __future__ import annotations

import pytest

from tests.integration.finding.conftest import Shelf

pytestmark = pytest.mark.asyncio(loop_scope="session")

SYNTAX = [
    '"', "\\", "*", "?", "~", "^2", "+ -", "NOT", "a AND", "title:secret", "visibility:private", "_exists_:title",
    '{"query":{"match_all":{}}}', "{}", "[1 TO 5]", "/.*/", "lighthouse~10", "' OR 1=1 --", "../../etc/passwd", "!!!",
    "<script>alert(1)</script>", "${jndi:ldap://x}", "%00", "a\x00b", "\x1b[2J", "\u202e\u200d", "\ufffe\uffff",
    "🎬🎬🎬", "👩‍👩‍👧‍👦", "Z̸̢̛͎a̷l̴g̵o̶", "İstanbul ıI", "ﷺ", "\U000e0041", "e\u0301" * 60, "aaaaa " * 33, "a " * 100,
    "~" * 200, "x" * 200, "abcdefghi " * 20,
]  # fmt: skip


@pytest.mark.parametrize("typed", SYNTAX)
async def test_what_looks_like_syntax_is_text(shelf: Shelf, word: str, typed: str) -> None:
    hidden = await shelf.put(title=f"{word} secret", visibility="private")
    await shelf.put(title="Unrelated")
    for path in ("/v1/search", "/v1/suggest"):
        answer = await shelf.client.get(path, params={"q": typed}, headers=shelf.after)
        assert answer.status_code == 200, answer.text
        assert hidden not in answer.text


BYTES = (
    "q=%ED%A0%80", "q=%FF%FE", "q=a%00b", "q=a&tag=%ED%A0%80", "q=a&owner=%00x", "q=a&category=%FF",
    "q=a%0d%0aSet-Cookie:x",
)  # fmt: skip


@pytest.mark.parametrize("query", BYTES)
async def test_bytes_that_are_no_text_do_no_harm(shelf: Shelf, query: str) -> None:
    assert (await shelf.client.get(f"/v1/search?{query}")).status_code in (200, 422)
    assert (await shelf.client.get(f"/v1/suggest?{query.split('&')[0]}")).status_code in (200, 422)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "q"),
        ("q=", "q"),
        ("q=%20%09", "q"),
        ("q=%00", "q"),
        ("q=" + "a" * 201, "q"),
        ("q=a&tag=" + "a" * 257, "tag"),
        ("q=a&limit=0", "limit"),
        ("q=a&limit=51", "limit"),
        ("q=a&limit=x", "limit"),
        ("q=a&min_duration_ms=-1", "min_duration_ms"),
        ("q=a&max_duration_ms=99999999999999999999", "max_duration_ms"),
        ("q=a&min_duration_ms=2&max_duration_ms=1", "min_duration_ms"),
        ("q=a&min_duration_ms=NaN", "min_duration_ms"),
    ],
)
async def test_searches_that_can_not_be_name_the_field(shelf: Shelf, query: str, field: str) -> None:
    answer = await shelf.client.get(f"/v1/search?{query}")
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("query", ["", "q=", "q=%20", "q=" + "a" * 201, "q=a&limit=0", "q=a&limit=21"])
async def test_suggestions_that_can_not_be(shelf: Shelf, query: str) -> None:
    assert (await shelf.client.get(f"/v1/suggest?{query}")).status_code == 422


@pytest.mark.parametrize("query", ["window=7d", "limit=0", "limit=51", "window="])
async def test_trends_that_can_not_be(shelf: Shelf, query: str) -> None:
    assert (await shelf.client.get(f"/v1/trending?{query}")).status_code == 422


async def test_an_endless_description_spoils_nobody_s_search(shelf: Shelf, word: str) -> None:
    endless = await shelf.put(title=word, description=f"{word} and so on " * 40_000)
    other = await shelf.put(title=f"{word} too", tags=("y" * 40_000,))
    assert set(await shelf.found(word)) == {endless, other}
