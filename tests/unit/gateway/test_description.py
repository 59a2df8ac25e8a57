"""What a change of words makes of a video's description."""

from __future__ import annotations

from typing import Any

import msgspec

from gateway.videos.describe import Description, merged

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
