"""What a table must hold, whatever comes late."""

from __future__ import annotations

from streams.expectation import Expected
from streams.processor import Moment
from streams.sinks import Placed
from streams.tables import Table, Write

WATCHED = Table("watched", key={"viewer": "text"}, rows={"video": "text"}, columns={"at": "bigint"})


def placed(write: Write, offset: int) -> Placed:
    return Placed(write, Moment("watches", 0, offset, 0), 0)


def test_a_replayed_write_stays_under_what_came_after_it() -> None:
    expected = Expected()
    expected.put(placed(WATCHED.put(viewer="a", video="v", at=2), 10), 0)
    expected.put(placed(WATCHED.put(viewer="a", video="v", at=1), 5), 0)
    assert expected.rows["a", "v"]["at"].value == 2


def test_what_was_cleared_stays_gone_unless_it_was_written_after() -> None:
    expected = Expected()
    expected.put(placed(WATCHED.put(viewer="a", video="v", at=1), 3), 0)
    expected.put(placed(WATCHED.clear(viewer="a"), 7), 0)
    assert not expected.rows
    expected.put(placed(WATCHED.put(viewer="a", video="w", at=1), 5), 0)
    assert not expected.rows
    expected.put(placed(WATCHED.put(viewer="a", video="w", at=2), 8), 0)
    expected.put(placed(WATCHED.clear(viewer="b"), 9), 0)
    assert list(expected.rows) == [("a", "w")]
