"""How a file is cut into parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.uploads.plan import LARGEST_PART, MIB, MOST_PARTS, SMALLEST_PART, layout

TIB = 1 << 40


@given(st.integers(1, 5 * TIB), st.integers(0, 5 << 30))
def test_parts_make_up_the_file_within_the_stores_limits(size: int, put_max: int) -> None:
    how = layout(size, put_max)
    assert (how.part_count - 1) * how.part_size + how.size_of(how.part_count) == size
    assert 0 < how.size_of(how.part_count) <= how.part_size
    assert 1 <= how.part_count <= MOST_PARTS
    assert how.part_size <= LARGEST_PART
    if how.kind == "multipart":
        assert how.part_size >= SMALLEST_PART
        assert how.part_size % MIB == 0


@pytest.mark.parametrize(
    ("size", "kind", "part_size", "part_count"),
    [
        (1, "put", 1, 1),
        (64 * MIB, "put", 64 * MIB, 1),
        (64 * MIB + 1, "multipart", 8 * MIB, 9),
        (5 * TIB, "multipart", 525 * MIB, 9987),
    ],
)
def test_small_files_go_in_one_put(size: int, kind: str, part_size: int, part_count: int) -> None:
    how = layout(size, 64 * MIB)
    assert (how.kind, how.part_size, how.part_count) == (kind, part_size, part_count)
