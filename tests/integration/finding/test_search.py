"""What is found, in which order, and how it is shown."""

from __future__ import annotations

import pytest

from tests.integration.finding.conftest import OWNER, Shelf

pytestmark = pytest.mark.asyncio(loop_scope="session")
DAYS = 24 * 3600 * 1000


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("Lighthouse at Skagen", "lighthouse skagen"),
        ("Lighthouse at Skagen", "SKAGEN"),
        ("Lighthouse at Skagen", "lighthose skagen"),  # a letter is missing
        ("Lighthouse at Skagen", "lighthuose"),  # two letters have changed places
        ("Lighthouse at Skagen", "lightho"),  # the word is not finished
        ("Crème brûlée", "creme brulee"),
        ("Creme brulee", "Crème Brûlée"),
        ("Smørrebrød", "smorrebrod"),
        ("Straße nach Łódź", "strasse nach lodz"),
        ("Cafe\u0301 olé", "café ole"),  # decomposed
        ("Ёлка в лесу", "ёлка"),
        ("東京の夜", "東京"),
        ("サッカー", "サッカー"),
        ("مرحبا بالعالم", "مرحبا"),
        ("Don't look: AC/DC (live)", "ac/dc LIVE"),
    ],
)
async def test_words_find_a_title(shelf: Shelf, word: str, title: str, asked: str) -> None:
    video = await shelf.put(title=f"{word} {title}", owner=f"acct-{word}")
    await shelf.put(title="Something else", owner=f"acct-{word}")
    assert await shelf.found(asked, owner=f"acct-{word}") == [video]


async def test_words_may_be_spread_over_title_tags_category_and_text(shelf: Shelf, word: str) -> None:
    video = await shelf.put(title=f"{word} harbour", tags=("Storm",), category="Nature", description="Waves at dawn")
    assert await shelf.found(f"{word} storm nature dawn") == [video]
    assert await shelf.found(f"{word} strom natur dawm") == [video]
    assert await shelf.found(f"{word} elsewhere") == []


async def test_the_first_letter_is_right_and_a_short_word_whole(shelf: Shelf, word: str) -> None:
    await shelf.put(title=f"{word} dog light")
    assert await shelf.found(f"{word} fight") == []
    assert await shelf.found(f"{word} dig light") == []


async def test_a_title_weighs_more_than_tags_and_these_more_than_the_text(shelf: Shelf, word: str) -> None:
    text = await shelf.put(title="one", description=f"about {word}")
    tag = await shelf.put(title="two", tags=(word,))
    title = await shelf.put(title=f"three {word}")
    assert await shelf.found(word) == [title, tag, text]


async def test_whole_words_come_before_misspelt_ones(shelf: Shelf, word: str) -> None:
    near = await shelf.put(title=f"{word}b night")
    exact = await shelf.put(title=f"{word}a night", age_ms=300 * DAYS)
    assert (await shelf.found(f"{word}a night"))[0] == exact
    assert set(await shelf.found(f"{word}a night")) == {exact, near}


async def test_of_equals_the_newer_comes_first(shelf: Shelf, word: str) -> None:
    old = await shelf.put(title=f"{word} lesson", age_ms=200 * DAYS)
    new = await shelf.put(title=f"{word} lesson")
    assert await shelf.found(word) == [new, old]


async def test_filters(shelf: Shelf, word: str) -> None:
    long = await shelf.put(title=word, duration_ms=600_000, category="Música", language="de-AT", tags=("Sea Life",))
    short = await shelf.put(title=word, duration_ms=5_000, language="den", owner="acct-" + word)
    for filters, expected in [
        ({"category": "musica"}, [long]),
        ({"category": "music"}, []),
        ({"language": "de"}, [long]),
        ({"language": "DE-at"}, [long]),
        ({"language": "den"}, [short]),
        ({"tag": "sea life"}, [long]),
        ({"tag": "sea"}, []),
        ({"owner": "acct-" + word}, [short]),
        ({"min_duration_ms": 5_001}, [long]),
        ({"max_duration_ms": 5_000}, [short]),
        ({"min_duration_ms": 5_000, "max_duration_ms": 600_000, "owner": OWNER}, [long]),
    ]:
        assert await shelf.found(word, **filters) == expected, filters
    assert await shelf.found("", owner="acct-" + word) == [short]


async def test_a_card_says_what_every_shelf_shows(shelf: Shelf, word: str) -> None:
    video = await shelf.put(title=word, duration_ms=7_000)
    answer = await shelf.ask("/v1/search", q=word)
    [card] = answer["videos"]
    assert answer["total"] == 1
    assert (card["video_id"], card["title"], card["owner"]) == (video, word, OWNER)
    assert (card["duration_ms"], card["views"], card["watch"]) == (7_000, 0, f"/watch/{video}")
    assert card["poster"].endswith(f"/{video}/poster.jpg")


async def test_marks_stand_around_what_matched_and_all_else_is_escaped(shelf: Shelf, word: str) -> None:
    script = f"<script>alert('{word}')</script> & <mark>creme</mark>"
    await shelf.put(title=script, description=f"<img src=x onerror=alert(1)> Crème {word}")
    [card] = (await shelf.ask("/v1/search", q=f"{word} creme"))["videos"]
    assert card["title"] == script
    title, text = card["highlight"]["title"], card["highlight"]["description"]
    for marked in (title, text):
        assert f"<mark>{word}</mark>" in marked
        assert "<" not in marked.replace("<mark>", "").replace("</mark>", "")
    assert "&lt;mark&gt;<mark>creme</mark>&lt;" in title
    assert "<mark>Crème</mark>" in text


async def test_what_did_not_match_is_not_marked(shelf: Shelf, word: str) -> None:
    await shelf.put(title=f"{word} dawn", description="nothing of it")
    [card] = (await shelf.ask("/v1/search", q=f"{word[:-1]}x dawn"))["videos"]
    assert card["highlight"] == {"title": f"<mark>{word}</mark> <mark>dawn</mark>"}
