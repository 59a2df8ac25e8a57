"""Searches as they are sent, cursors as they are sealed, words as they are taken. No server."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.finding import question
from gateway.finding.commands import lines, moment
from gateway.finding.pages import Pages
from gateway.finding.past import Past
from gateway.finding.question import Asked, Place
from gateway.finding.search import SearchQuery, asked_for
from gateway.finding.words import words
from gateway.options import Options
from gateway.problems import Problem
from processors.library.found import FOUND
from processors.ranking.trend import MOST_VIEWERS, Trending

NOW = 1_790_000_000_000
ASKED = Asked(text="sea", language="de")
PLACE = Place(NOW, 12.345678, "0192f0c1-7a00-7c3e-8f2a-5b1f0c9d7e11")
PAGES = Pages("a secret")


@given(st.text(max_size=200))
@settings(deadline=None)
def test_words_are_one_line_that_can_be_sent(text: str) -> None:
    cleaned = words(text)
    assert msgspec.json.decode(msgspec.json.encode(cleaned)) == cleaned
    assert words(cleaned) == cleaned
    assert not set("\x00\n\r\t\u2028\ud800") & set(cleaned)


def test_a_composed_and_a_decomposed_letter_are_the_same_word() -> None:
    assert words("  Cafe\u0301\tol\u0065\u0301 ") == "Café olé"


@given(st.builds(Asked, text=st.text(max_size=20), tag=st.none() | st.text(max_size=9)), st.integers(1, 50))
@settings(deadline=None)
def test_every_question_asks_for_public_published_videos_only(asked: Asked, limit: int) -> None:
    for asks in (
        question.search(asked, NOW, limit, PLACE)["query"]["function_score"]["query"],
        question.suggestions(asked.text, NOW, limit)["query"]["function_score"]["query"],
        question.trends("1h", NOW, 3, limit)["query"],
    ):
        assert {"term": {"visibility": "public"}} in asks["bool"]["filter"]
        assert {"term": {"state": "published"}} in asks["bool"]["filter"]
        assert asks["bool"]["must_not"] == [{"term": {"deleted": True}}]


def test_no_question_parses_what_was_typed() -> None:
    sent = msgspec.json.encode(question.search(Asked(text='title:"x" OR *'), NOW, 5)).decode()
    assert "query_string" not in sent
    assert 'title:\\"x\\" OR *' in sent


def test_the_fields_that_are_asked_are_in_the_index() -> None:
    roots = {name.partition("^")[0].partition(".")[0] for name in (*question.FIELDS, *question.TYPED)}
    assert roots | {"popularity", "created_at", "hour_log", "day_log", "viewers_at", "words"} <= set(FOUND.fields)


def test_the_next_page_goes_on_for_the_same_time() -> None:
    first, second = question.search(ASKED, NOW, 5), question.search(ASKED, PLACE.now, 5, PLACE)
    assert second.pop("search_after") == [PLACE.score, PLACE.video_id]
    assert first == second


def test_a_cursor_leads_back_to_its_place() -> None:
    assert PAGES.place(ASKED, PAGES.cursor(ASKED, PLACE)) == PLACE
    assert Pages("a secret").place(ASKED, PAGES.cursor(ASKED, PLACE)) == PLACE


@pytest.mark.parametrize(
    "other", [Asked(text="sea"), Asked(text="see", language="de"), Asked(text="sea", tag="de"), Asked(language="de")]
)
def test_a_cursor_is_of_its_search(other: Asked) -> None:
    with pytest.raises(Problem, match="cursor"):
        PAGES.place(other, PAGES.cursor(ASKED, PLACE))
    with pytest.raises(Problem, match="cursor"):
        Pages("another secret").place(ASKED, PAGES.cursor(ASKED, PLACE))


@given(st.text(max_size=400) | st.text("abcAB019-_=", max_size=80))
@settings(deadline=None)
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(Problem) as refused:
        PAGES.place(ASKED, text)
    assert refused.value.status == 422


@given(st.integers(0, 200), st.integers(1, 255))
def test_a_bent_cursor_is_refused(place: int, flip: int) -> None:
    cursor = PAGES.cursor(ASKED, PLACE).encode()
    at = place % len(cursor)
    bent = cursor[:at] + bytes([cursor[at] ^ flip]) + cursor[at + 1 :]
    try:
        found = PAGES.place(ASKED, bent.decode("latin-1"))
    except Problem:
        return
    assert found == PLACE  # the last character of base64 has bits that mean nothing


def test_all_that_is_wrong_with_a_search_is_said_at_once() -> None:
    with pytest.raises(Problem) as refused:
        asked_for(SearchQuery("x" * 300, tag="y" * 300, min_duration_ms=-1, limit=0))
    assert {error.field for error in refused.value.body.errors} == {"q", "tag", "min_duration_ms", "limit"}


@pytest.mark.parametrize(("viewers", "accepted"), [("1", True), (str(MOST_VIEWERS), True), ("0", False), ("33", False)])
def test_the_minimum_of_viewers_is_what_can_be_counted(viewers: str, accepted: bool) -> None:
    if accepted:
        assert Options.from_environment({"PLAYLOG_TRENDING_VIEWERS": viewers}).trending_viewers == int(viewers)
        return
    with pytest.raises(ValueError, match=r"PLAYLOG_TRENDING_VIEWERS.*1 to 32"):
        Options.from_environment({"PLAYLOG_TRENDING_VIEWERS": viewers})


def test_times_of_the_trending_command() -> None:
    assert moment("1790000000000") == moment("2026-09-21T14:13:20") == moment("2026-09-21T16:13:20+02:00") == NOW
    with pytest.raises(ValueError, match="is no time"):
        moment("yesterday")


def test_lines_of_the_trending_command_hold_no_control_characters() -> None:
    found = Past("A\x1b[2Jtitle\n", Trending("v", 12.3456, 7))
    assert lines([found]) == ["     score  viewers  video", "    12.346        7  v  A [2Jtitle"]
    assert lines([]) == ["nothing was trending"]
