"""How much one owner may have open."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any, cast

import pytest

from gateway.captions.change import held_beside
from gateway.options import Options
from gateway.problems import Problem
from gateway.uploads.quotas import check, check_captions
from streams.rows import Rows

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
    with pytest.raises(Problem, match="Your other captions hold 4 bytes") as refusal:
        check_captions(4, 7, options)
    assert (refusal.value.status, "Remove captions" in refusal.value.body.mend) == (429, True)


class Listed:
    """The captions of an owner, bytes by video and language, as rows."""

    def __init__(self, captions: dict[tuple[str, str], int]) -> None:
        self.captions = captions

    async def get(self, _table: object, owner: str, video_id: str, language: str) -> dict[str, Any] | None:
        size = self.captions.get((video_id, language))
        return None if size is None else {"owner": owner, "bytes": size}

    async def sums(self, _table: object, columns: list[str], owner: str) -> dict[str, int]:
        return dict.fromkeys(columns, sum(self.captions.values()))


@pytest.mark.parametrize(("language", "held"), [("de", 3), ("en", 10)])
def test_captions_that_are_replaced_make_room_for_those_that_come(language: str, held: int) -> None:
    rows = cast("Rows", Listed({("v", "de"): 7, ("w", "de"): 3}))
    assert asyncio.run(held_beside(rows, "ann", "v", language)) == held
