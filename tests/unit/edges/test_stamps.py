"""Stamps order writes as the log does, and log positions survive being text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.positions import Position, parse_positions, positions_text
from streams.stamps import stamp

PLACES = st.tuples(st.integers(0, (1 << 8) - 1), st.integers(0, (1 << 43) - 1), st.integers(0, (1 << 12) - 1))


@given(PLACES, PLACES)
def test_stamps_are_ordered_as_places_are(one: tuple[int, int, int], other: tuple[int, int, int]) -> None:
    assert (stamp(*one) < stamp(*other)) == (one < other)


@given(PLACES)
def test_a_stamp_is_a_positive_signed_number_of_64_bits(place: tuple[int, int, int]) -> None:
    assert 0 <= stamp(*place) < 1 << 63


@pytest.mark.parametrize("place", [(256, 0, 0), (0, 1 << 43, 0), (0, 0, 4096), (0, -1, 0)])
def test_what_does_not_fit_is_refused(place: tuple[int, int, int]) -> None:
    with pytest.raises(OverflowError, match="does not fit"):
        stamp(*place)


def test_positions_survive_being_text() -> None:
    given = [Position("uploads", 2, 1234), Position("view-counts", 0, 0)]
    assert positions_text(given) == "uploads/2/1234,view-counts/0/0"
    assert parse_positions(" uploads/2/1234, view-counts/0/0,") == given


@pytest.mark.parametrize("text", ["uploads", "uploads/2", "uploads/x/1", "/1/2", "uploads/1/-2", "uploads/1/٣"])
def test_what_is_no_position_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="is no log position"):
        parse_positions(f"videos/0/1,{text}")
