"""Page cursors."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.cursors import decoded, encoded
from gateway.problems import Problem

FIELDS = {"at": int, "id": str}


@given(st.integers(0, (1 << 63) - 1), st.text(max_size=40))
def test_a_cursor_gives_its_key_back(at: int, name: str) -> None:
    assert decoded(encoded({"at": at, "id": name}), FIELDS) == {"at": at, "id": name}


def test_no_cursor_is_the_first_page() -> None:
    assert decoded(None, FIELDS) is None
    assert encoded(None) is None


def test_a_bent_cursor_is_refused() -> None:
    bent = ["x", "e30", "!!", "ä", *(base64.urlsafe_b64encode(raw).decode() for raw in (
        b'{"at":1}', b'{"at":"1","id":"x"}', b'{"at":-1,"id":"x"}', b'{"at":99999999999999999999,"id":"x"}',
        b'{"at":1,"id":"x","more":1}', b"[1,2]", b"\xff\xfe",
    ))]  # fmt: skip
    for cursor in bent:
        with pytest.raises(Problem):
            decoded(cursor, FIELDS)
