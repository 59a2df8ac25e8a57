"""An id that is a UUIDv7 says when it was made."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.uploads.identity import uuid7
from streams.event import made_at


def test_the_example_of_the_rfc() -> None:
    assert made_at("017f22e2-79b0-7cc3-98c4-dc0c0c07398f") == 1_645_557_742_000  # RFC 9562, appendix A.6


@given(st.integers(0, (1 << 48) - 1))
def test_the_time_comes_back(ms: int) -> None:
    assert made_at(uuid7(ms)) == ms


def test_what_is_no_id_is_refused() -> None:
    with pytest.raises(ValueError, match="UUID"):
        made_at("yesterday")
