"""Why a video is recommended, in words; how alike words are; the search for them."""

from __future__ import annotations

from typing import get_args

import pytest

from gateway.recommending.alike import like, strengths
from gateway.recommending.reasons import reason
from processors.ranking.blend import Code, Scored


@pytest.mark.parametrize("code", get_args(Code))
def test_every_reason_has_words_whether_or_not_its_cause_may_be_named(code: Code) -> None:
    scored = Scored("v", 1.0, code, "seed" if code in ("watched_together", "similar") else None)
    named, unnamed = reason(scored, {"seed": "Dawn {0} %s"}), reason(scored, {})
    assert named.code == unnamed.code == code
    assert unnamed.text
    assert unnamed.because is None
    if scored.because:
        assert named.because
        assert named.because.title in named.text
        assert "Dawn {0} %s" in named.text


def test_words_are_measured_by_what_the_video_has_with_itself() -> None:
    hits = [{"_id": "self", "_score": 8.0}, {"_id": "a", "_score": 4.0}, {"_id": "b", "_score": 9.0}]
    assert strengths("self", hits) == {"a": 0.5, "b": 1.0}


def test_a_video_that_may_not_be_found_is_measured_by_the_most_like_it() -> None:
    hits = [{"_id": "a", "_score": 4.0}, {"_id": "b", "_score": 1.0}]
    assert strengths("self", hits) == {"a": 1.0, "b": 0.25}
    assert strengths("self", []) == {}
    assert strengths("self", [{"_id": "self", "_score": 3.0}]) == {}


def test_only_what_anybody_may_find_is_looked_for() -> None:
    query = like("index", "v")["query"]["bool"]
    assert {"term": {"visibility": "public"}} in query["filter"]
    assert {"term": {"state": "published"}} in query["filter"]
    assert {"term": {"deleted": True}} in query["must_not"]
