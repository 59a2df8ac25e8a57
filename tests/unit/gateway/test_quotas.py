"""How much one owner may have open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.options import Options
from gateway.problems import Problem
from gateway.uploads.quotas import check, check_captions

OPTIONS = replace(Options(), open_uploads=2, open_bytes=100)


def test_within_the_quota_nothing_is_said() -> None:
    check([{"size": 40}], 60, OPTIONS)


@pytest.mark.parametrize(("unfinished", "size"), [([1, 1], 1), ([40], 61)])
def test_beyond_it_says_what_to_do(unfinished: list[int], size: int) -> None:
    with pytest.raises(Problem) as refusal:
        check([{"size": one} for one in unfinished], size, OPTIONS)
    assert refusal.value.status == 429
    assert "Finish or abort" in refusal.value.body.mend
    assert "Retry-After" in refusal.value.headers


def test_captions_have_a_quota_of_their_own() -> None:
    options = replace(OPTIONS, caption_bytes=10)
    check_captions(4, 6, options)
    with pytest.raises(Problem, match="Your captions hold 4 bytes") as refusal:
        check_captions(4, 7, options)
    assert (refusal.value.status, "Remove captions" in refusal.value.body.mend) == (429, True)
