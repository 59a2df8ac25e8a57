"""What is shown beside what is true: differences are found, and told in words."""

from __future__ import annotations

import math
from typing import Any

from gateway.simulate.compare import Compared, compare, wrong
from gateway.simulate.shelves import look_at_recommended, look_at_trending
from gateway.simulate.trends import EPOCH, HOUR, Range

TRUE = {("views", "v1"): 3, ("views by hour", "v1", "0"): 3}
NOW = 1_767_225_600_000
LOG = math.log(2) / HOUR * (NOW / 1000 - EPOCH)  # of one vote of this moment


def test_what_is_equal_is_right() -> None:
    found = compare(["views", "views by hour"], TRUE, TRUE, {})
    assert [(view.view, view.compared, view.wrong) for view in found] == [("views", 1, []), ("views by hour", 1, [])]


def test_too_many_too_few_and_unheard_of_are_wrong() -> None:
    shown = {("views", "v1"): 4, ("views", "v2"): 1}
    assert wrong(compare(["views", "views by hour"], TRUE, shown, {})) == [
        "views of v1: 4 shown, 3 true",
        "views of v2: 1 shown, 0 true",
        "views by hour of v1 0: 0 shown, 3 true",
    ]


def test_what_was_there_before_is_added() -> None:
    assert not wrong(compare(["views"], TRUE, {("views", "v1"): 10}, {("views", "v1"): 7}))


def test_a_count_that_was_lost_is_wrong_and_a_bucket_that_has_passed_by_is_not() -> None:
    before = {("views", "v2"): 5, ("watched ms by minute", "v1", "0"): 9}
    assert wrong(compare(["views", "watched ms by minute"], {}, {}, before)) == ["views of v2: 0 shown, 5 true"]


def trending(*videos: tuple[str, float, int]) -> list[str]:
    """The differences of a list of video, score and viewers, where v1 has one vote and v2 two."""
    answer: dict[str, Any] = {"window": "1h", "at": NOW}
    answer["videos"] = [{"video_id": video, "score": score, "viewers": viewers} for video, score, viewers in videos]
    found = Compared("trending")
    logs = {"v1": Range(LOG, LOG), "v2": Range(LOG + math.log(2), LOG + math.log(2))}
    look_at_trending(found, answer, logs, {"v1": 1, "v2": 2}, limit=50)
    return found.wrong


def test_a_list_with_the_right_scores_is_right() -> None:
    assert not trending(("v2", 2.0, 2), ("v1", 1.0, 1))


def test_a_minimum_of_viewers_may_leave_the_few_out_but_not_the_many() -> None:
    assert not trending(("v2", 2.0, 2))
    assert trending(("v1", 1.0, 1))


def test_wrong_scores_viewers_and_orders_are_told() -> None:
    assert len(trending(("v1", 1.0, 1), ("v2", 2.0, 2))) == 1
    assert len(trending(("v2", 2.1, 3), ("v1", 1.0, 1))) == 2


def test_nobody_is_shown_what_they_have_watched() -> None:
    found = Compared("recommended")
    answer = {"videos": [{"video_id": "v1", "reason": {"text": "New"}}]}
    look_at_recommended(found, answer, "ann", {"v2"})
    assert not found.wrong
    look_at_recommended(found, answer, "ann", {"v1"})
    assert found.wrong
