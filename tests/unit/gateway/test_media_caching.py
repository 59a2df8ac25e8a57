"""Which clients take gzip, and what a cache may keep of media."""

from __future__ import annotations

import pytest

from gateway.media import refusals
from gateway.media.caching import gzips


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [
        ("gzip", True), ("gzip, deflate, br", True), ("br;q=1.0, GZIP;q=0.5", True), ("*", True), ("*;q=0.1", True),
        ("", False), ("identity", False), ("gzip;q=0", False), ("gzip; q=0.000", False), ("*, gzip;q=0", False),
        ("x-gzip-like", False), ("gzip;q=high", False),
    ],
)  # fmt: skip
def test_gzip_is_for_those_who_take_it(accepted: str, taken: bool) -> None:
    assert gzips(accepted) is taken


def test_refusals_that_depend_on_the_token_are_never_kept_and_others_for_a_second() -> None:
    assert [p.response().headers["Cache-Control"] for p in (refusals.forged(), refusals.expired())] == ["no-store"] * 2
    shared = (refusals.deleted(), refusals.unknown("x"), refusals.not_playable("x"), refusals.no_picture("poster.jpg"))
    assert {problem.response().headers["Cache-Control"] for problem in shared} == {"public, max-age=1"}
