"""Which announcements are taken, and what is said about the others."""

from __future__ import annotations

import msgspec
import pytest

from gateway.options import Options
from gateway.uploads.admission import StartUpload, refusals

GOOD = StartUpload(filename="dawn.mp4", size=10, content_type="video/mp4", title="Dawn", tags=["sea"], language="pt-BR")


def test_a_good_announcement_has_nothing_wrong_with_it() -> None:
    assert refusals(GOOD, Options()) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("filename", ""),
        ("filename", "../etc/passwd"),
        ("filename", "a\\b.mp4"),
        ("filename", "a\r\nSet-Cookie: x"),
        ("filename", "n" * 256),
        ("size", 0),
        ("size", -1),
        ("size", 5 * (1 << 40) + 1),
        ("content_type", "text/plain"),
        ("content_type", "video/mp4\r\nX: y"),
        ("content_type", "video/*"),
        ("content_type", ""),
        ("title", "t" * 201),
        ("title", "a\x00b"),
        ("title", "line\nbreak"),
        ("title", "\ud800"),
        ("description", "d" * 5001),
        ("language", "english please"),
        ("category", " "),
    ],
)
def test_what_is_wrong_is_named_by_its_field(field: str, value: object) -> None:
    wrong = refusals(msgspec.structs.replace(GOOD, **{field: value}), Options())
    assert [error.field for error in wrong] == [field]


def test_every_fault_is_told_at_once() -> None:
    wanted = StartUpload(filename="", size=0, content_type="x", tags=["", "ok"], title="t" * 300)
    assert [e.field for e in refusals(wanted, Options())] == ["filename", "size", "content_type", "title", "tags[0]"]


def test_parameters_of_a_content_type_are_left_aside() -> None:
    assert refusals(msgspec.structs.replace(GOOD, content_type="Video/MP4; codecs=avc1"), Options()) == []


def test_a_file_without_title_is_called_after_itself() -> None:
    assert msgspec.structs.replace(GOOD, title=" ", filename="harbour at dawn.mp4").named == "harbour at dawn"
    assert msgspec.structs.replace(GOOD, title="", filename=".mp4").named == ".mp4"


def test_an_owner_chooses_how_much_is_made_of_a_video():
    announced = {"filename": "a.mp4", "size": 1, "content_type": "video/mp4"}
    assert msgspec.convert({**announced, "encoding": "archive"}, StartUpload).encoding == "archive"
    with pytest.raises(msgspec.ValidationError, match="encoding"):
        msgspec.convert({**announced, "encoding": "sloppy"}, StartUpload)


def test_an_operator_chooses_what_is_usual():
    assert Options.from_environment({}).encoding == "fast"
    assert Options.from_environment({"PLAYLOG_ENCODING": "balanced"}).encoding == "balanced"
    with pytest.raises(ValueError, match=r"PLAYLOG_ENCODING.*fast, balanced, archive"):
        Options.from_environment({"PLAYLOG_ENCODING": "sloppy"})
