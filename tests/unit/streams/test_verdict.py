"""What the auditor of `make chaos` takes for lost, doubled and out of order."""

from __future__ import annotations

import pytest

from tests.chaos.verdict import Verdict, compared

WANTED = {"ann": [1, 2, 3], "bob": [1]}


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        ({"ann": [1, 2, 3], "bob": [1]}, Verdict()),
        ({"ann": [1, 3], "bob": [1]}, Verdict(lost=1)),
        ({"ann": [1, 2, 3]}, Verdict(lost=1)),
        ({"ann": [1, 2, 3, 2], "bob": [1]}, Verdict(doubled=1)),
        ({"ann": [1, 2, 3], "bob": [1], "eve": [1]}, Verdict(doubled=1)),
        ({"ann": [2, 1, 3], "bob": [1]}, Verdict(out_of_order=1)),
        ({"ann": [3, 3, 1], "bob": [7]}, Verdict(lost=2, doubled=2, out_of_order=1)),
    ],
)
def test_whatever_is_not_as_it_must_be_is_counted(found: dict[str, list[int]], verdict: Verdict) -> None:
    assert compared(WANTED, found) == verdict
    assert bool(verdict) == (found != WANTED)
