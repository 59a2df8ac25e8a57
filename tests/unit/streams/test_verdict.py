"""What the auditor of `make chaos` takes for lost, doubled and out of order."""

from __future__ import annotations

import pytest

from tests.chaos.verdict import EXAMPLES, Verdict, compared

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


def test_a_verdict_says_where_to_look() -> None:
    found = {"ann": [3, 3, 1], "eve": [7]}

    assert compared(WANTED, found).examples == (
        "ann: lost 2 to 2 of 3 wanted, 3 found",
        "ann: doubled 3 to 3 of 3 wanted, 3 found",
        "ann: out of order 1 times",
        "bob: lost 1 to 1 of 1 wanted, 0 found",
        "eve: doubled 7 to 7 of 0 wanted, 1 found",
    )


def test_a_ledger_that_is_wrong_everywhere_gives_only_some_examples() -> None:
    wanted = {f"account {number}": [1] for number in range(100)}

    verdict = compared(wanted, {})

    assert (verdict.lost, len(verdict.examples)) == (100, EXAMPLES)
