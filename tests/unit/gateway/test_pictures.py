"""Where a video's pictures are served, and which one stands for it."""

from __future__ import annotations

import msgspec

from gateway.videos.pictures import AUTOMATIC, POSTER, PREVIEW, STORYBOARD, addresses_of, keys_of, thumbnails_of

TAKEN = [
    {"key": f"pictures/v/{name}.jpg", "width": 640, "height": 360, "at_ms": at} for name, at in (("a", 1), ("b", 9))
]
ENCODE = {
    "poster_key": "pictures/v/b.jpg", "thumbnails": msgspec.json.encode(TAKEN).decode(),
    "storyboard_key": "pictures/v/c.vtt", "preview_key": "pictures/v/d.webp",
}  # fmt: skip


def test_every_picture_has_its_address() -> None:
    assert addresses_of(ENCODE, {}, "/m") == {name: f"/m/{name}" for name in (POSTER, STORYBOARD, PREVIEW)}
    assert keys_of(ENCODE, {}) == {
        POSTER: "pictures/v/b.jpg", STORYBOARD: "pictures/v/c.vtt", PREVIEW: "pictures/v/d.webp",
    }  # fmt: skip
    assert [(one.at_ms, one.address) for one in thumbnails_of(ENCODE, "/m")] == [
        (1, "/m/pictures/a.jpg"),
        (9, "/m/pictures/b.jpg"),
    ]


def test_a_chosen_poster_is_served_by_its_content() -> None:
    assert keys_of(ENCODE, {"poster_at_ms": 1})[POSTER] == "pictures/v/a.jpg"
    assert addresses_of(ENCODE, {"poster_at_ms": 1}, "/m")[POSTER] == "/m/pictures/a.jpg"


def test_a_choice_that_is_not_there_leaves_the_poster_to_us() -> None:
    for nothing in (None, AUTOMATIC, 5):
        assert keys_of(ENCODE, {"poster_at_ms": nothing})[POSTER] == "pictures/v/b.jpg"


def test_an_older_encode_has_its_poster_alone() -> None:
    assert keys_of({"poster_key": "pictures/v/b.jpg"}, None) == {POSTER: "pictures/v/b.jpg"}
    assert keys_of(None, None) == {}
    assert thumbnails_of(None, "/m") == []
