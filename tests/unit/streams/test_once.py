"""Which numbers have been seen: as a set would say, in bounded space."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streams.once import MOST, note

FORGET = 1000
SPACE = 8 * (1 + 2 * MOST)


def noted(numbers: list[int], kept: bytes | None = None) -> tuple[list[bool], bytes]:
    """Of each number, whether it was new; and what is kept in the end."""
    new: list[bool] = []
    for number in numbers:
        is_new, kept = note(kept, number, 0, FORGET)
        new.append(is_new)
    return new, kept or b""


@given(st.lists(st.integers(0, 2 * MOST)))
def test_a_number_is_new_once(numbers: list[int]) -> None:
    new, _ = noted(numbers)
    assert new == [number not in numbers[:place] for place, number in enumerate(numbers)]


def test_who_leaves_a_gap_each_time_takes_bounded_space() -> None:
    for numbers in (range(0, 20_000, 2), range(20_000, 0, -2)):
        new, kept = noted(list(numbers))
        assert all(new)
        assert len(kept) == SPACE


def test_beyond_the_most_the_lowest_gap_closes_and_the_others_stay_open() -> None:
    _, kept = noted(list(range(0, 2 * MOST, 2)))
    assert noted([1], kept)[0] == [True]
    _, kept = noted([2 * MOST], kept)
    assert noted([1], kept)[0] == [False]
    assert noted(list(range(3, 2 * MOST, 2)), kept)[0] == [True] * (MOST - 1)


def test_a_counting_client_takes_one_range() -> None:
    assert len(noted(list(range(10_000)))[1]) == 24
