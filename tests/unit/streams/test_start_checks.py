"""What is wrong with the topics is said before anything is read, all of it, with what to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from streams.processor import ProcessorError
from streams.start_checks import check
from streams.topic_ids import TopicInfo
from streams.versions import FIRST
from tests import sample
from tests.sample import count_deposits, show_totals, sum_deposits

PROCESSORS = [count_deposits, sum_deposits, show_totals]
NAMES = ["deposits", "totals", "count_deposits-changelog", "sum_deposits-changelog"]
WELL = {name: TopicInfo("id", 2, brokers_time=True) for name in NAMES}


def said(**topics: TopicInfo) -> list[str]:
    """What is wrong where these topics are like this."""
    with pytest.raises(ProcessorError) as wrong:
        check(sample.catalogue(), PROCESSORS, {**WELL, **topics}, FIRST)
    return [line for line in str(wrong.value).splitlines() if "mend:" not in line]


def test_what_is_as_declared_is_taken() -> None:
    check(sample.catalogue(), PROCESSORS, WELL, FIRST)


def test_a_topic_of_other_partitions_than_declared() -> None:
    [view] = said(totals=TopicInfo("id", 3, brokers_time=True))
    assert view.startswith("topic totals has 3 partitions, topics/totals.yaml says 2")


def test_a_changelog_of_other_partitions_than_its_source() -> None:
    four = replace(WELL["deposits"], partitions=4)
    lines = said(deposits=four, **{"sum_deposits-changelog": four})
    assert [line.split(",")[0] for line in lines] == [
        "topic deposits has 4 partitions", "count_deposits reads topic deposits of 4 partitions",
    ]  # fmt: skip


def test_a_topic_in_its_senders_time() -> None:
    [line] = said(deposits=TopicInfo("id", 2, brokers_time=False))
    assert line.startswith("topic deposits bears its senders' times")
