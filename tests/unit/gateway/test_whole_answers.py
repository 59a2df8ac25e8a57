"""A search that could not look everywhere is no answer: hits are missing, and nobody can tell which."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.finding.whole import require_whole
from gateway.recommending.searching import hits_in
from streams.sinks import SinkDown

WHOLE: dict[str, Any] = {
    "timed_out": False,
    "_shards": {"total": 2, "successful": 2, "failed": 0},
    "hits": {"hits": [{"_id": "v", "_score": 1.0}]},
}
LATE = {**WHOLE, "timed_out": True}
BROKEN = {**WHOLE, "_shards": {"total": 2, "failed": 1, "failures": [{"reason": {"reason": "no room"}}]}}
REFUSED = {"error": {"reason": "no such index"}, "status": 404}


def test_a_whole_answer_is_taken() -> None:
    require_whole(WHOLE)
    assert [hit["_id"] for hit in hits_in(WHOLE)] == ["v"]


@pytest.mark.parametrize(
    ("answer", "said"), [(LATE, "ran out of time"), (BROKEN, "1 of 2 shards.*no room"), (REFUSED, "no such index")]
)
def test_half_an_answer_is_none_and_says_which_half_is_missing(answer: dict[str, Any], said: str) -> None:
    with pytest.raises(SinkDown, match=said):
        hits_in(answer)
