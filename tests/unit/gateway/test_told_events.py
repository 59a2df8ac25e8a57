"""Events as they are told: causes, cursors, what others may see."""

from __future__ import annotations

import msgspec
import pytest

from gateway.videos.told import Cursor, Told, cause_of, sse, told_rows, visible


def told(topic: str, offset: int, **event: object) -> Told:
    return Told("Something", topic, 1, f"{topic}/2/{offset}", None, event)


def test_the_cause_of_an_engines_event_is_a_position() -> None:
    assert cause_of("settle_upload/uploads/0/2/17/1") == "uploads/2/17"
    assert cause_of("gateway") is None


def test_rows_name_their_cause_by_position_where_it_is_known() -> None:
    row = {"type": "T", "topic": "uploads", "partition": 1, "at": 5, "body": "{}"}
    rows = [
        {**row, "offset": 1, "event_id": "a", "causation_id": None},
        {**row, "offset": 2, "event_id": "b", "causation_id": "a"},
        {**row, "offset": 3, "event_id": "c", "causation_id": "elsewhere"},
    ]
    assert [one.cause for one in told_rows(rows)] == [None, "uploads/1/1", None]


def test_a_reader_gets_each_event_once_in_whatever_order_it_comes() -> None:
    cursor = Cursor()
    given = [told("uploads", 5), told("uploads", 4), told("videos", 4), told("uploads", 5)]
    assert [cursor.passes(one) for one in given] == [False, False, False, True]
    assert str(cursor) == "uploads/2/5,videos/2/4"


def test_a_reader_that_comes_back_goes_on_behind_its_cursor() -> None:
    cursor = Cursor.parse("uploads/2/5,videos/2/1")
    assert [cursor.passes(told(*one)) for one in (("uploads", 5), ("uploads", 6), ("videos", 2), ("encodes", 0))] == [
        True, False, False, False,
    ]  # fmt: skip
    assert str(cursor) == "encodes/2/0,uploads/2/6,videos/2/2"


@pytest.mark.parametrize("text", ["x", "uploads/2", "uploads/2/-1", "uploads/2/1;drop", "uploads//1"])
def test_a_bent_cursor_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="no log position"):
        Cursor.parse(text)


def test_others_see_no_upload_and_no_name_in_the_store() -> None:
    events = [told("uploads", 1, store_key="k"), told("videos", 1, store_key="k", title="A")]
    assert visible(events, owner=True) == events
    assert [one.event for one in visible(events, owner=False)] == [{"title": "A"}]


def test_line_breaks_can_not_end_a_server_sent_event() -> None:
    frame = sse(told("videos", 1, title="a\n\nid: 0\r\ndata: x"), Cursor())
    assert frame.count(b"\n") == 4
    assert msgspec.json.decode(frame.split(b"data: ", 1)[1])["event"]["title"] == "a\n\nid: 0\r\ndata: x"
