"""Parts that are there, as ranges and a digest that says which ones exactly."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streams.held_parts import Held, held

PARTS = st.dictionaries(st.integers(1, 30), st.sampled_from(["x", "y", "z"]), max_size=20)


@given(PARTS, st.randoms())
def test_the_order_in_which_parts_came_changes_nothing(parts: dict[int, str], chance: object) -> None:
    shuffled = sorted(parts, key=lambda _: chance.random())  # type: ignore[attr-defined]
    found = Held()
    for number in shuffled:
        found = found.plus(number, parts[number])
    assert found == held(parts)
    assert {number for number in range(32) if number in found} == set(parts)
    assert found.count == len(parts)


@given(PARTS, PARTS)
def test_other_parts_have_another_digest(parts: dict[int, str], others: dict[int, str]) -> None:
    assert (held(parts) == held(others)) == (parts == others)


def test_leading_parts_are_those_before_the_first_gap() -> None:
    assert held({1: "x", 2: "x", 9: "x"}).leading == 2
    assert held({2: "x", 9: "x"}).leading == 0
    assert held({1: "x", 2: "x", 9: "x"}).ranges == (1, 2, 9, 9)
