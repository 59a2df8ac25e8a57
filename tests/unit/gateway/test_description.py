"""What a change of words makes of a video's description."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from gateway.problems import Problem
from gateway.videos.describe import Description, merged
from gateway.videos.pictures import AUTOMATIC

ROW: dict[str, Any] = {
    "title": "Dawn", "description": "", "tags": None, "category": "", "language": "", "visibility": "public",
}  # fmt: skip


def test_an_emptied_word_of_the_row_stays_empty_and_is_no_error() -> None:
    event = merged("v", "ann", ROW, Description(title="Dusk"))
    assert (event.title, event.description, event.tags, event.category, event.language) == ("Dusk", "", (), None, None)


def test_null_empties_a_word_and_the_others_stay() -> None:
    row = {**ROW, "category": "nature", "language": "da", "tags": ["sea"], "description": "d"}
    event = merged("v", "ann", row, msgspec.json.decode(b'{"category": null}', type=Description))
    assert (event.category, event.language, event.tags, event.description) == (None, "da", ("sea",), "d")


def test_the_same_words_again_say_the_same() -> None:
    first = merged("v", "ann", ROW, Description(title="Dusk", category="nature"))
    row = msgspec.structs.asdict(first)
    assert merged("v", "ann", row, Description(title="Dusk", category="nature")) == first


def test_a_poster_is_chosen_among_the_thumbnails_and_stays_when_words_change() -> None:
    chosen = merged("v", "ann", ROW, Description(poster_at_ms=4000), [1000, 4000])
    later = merged("v", "ann", {**ROW, "poster_at_ms": 4000}, Description(title="Dusk"))
    assert (chosen.poster_at_ms, later.poster_at_ms) == (4000, 4000)


def test_a_choice_is_taken_back_by_null() -> None:
    row = {**ROW, "poster_at_ms": 4000}
    assert merged("v", "ann", row, Description(poster_at_ms=None)).poster_at_ms is None
    assert merged("v", "ann", {**ROW, "poster_at_ms": AUTOMATIC}, Description(title="Dusk")).poster_at_ms is None


def test_a_moment_that_is_no_thumbnail_is_no_poster() -> None:
    with pytest.raises(Problem) as refused:
        merged("v", "ann", ROW, Description(poster_at_ms=5), [1000, 4000])
    assert refused.value.status == 422
