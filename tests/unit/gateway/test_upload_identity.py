"""Ids of uploads: sortable by time, and the same for the same key."""

from __future__ import annotations

import uuid

from hypothesis import given
from hypothesis import strategies as st

from gateway.uploads.identity import command_id, completion_id, earlier, first_since, video_id


@given(st.integers(0, (1 << 48) - 1), st.text(), st.one_of(st.none(), st.text(min_size=1)))
def test_an_id_is_a_uuid_7_that_tells_when(now: int, owner: str, key: str | None) -> None:
    made = uuid.UUID(video_id(owner, key, now))
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == now


def test_a_repeated_key_finds_what_it_made() -> None:
    others = [video_id("ann", None), video_id("ann", "other"), video_id("bob", "k")]
    mine = video_id("ann", "k", 1_000)
    assert earlier("ann", "k", [*others, mine]) == mine
    assert earlier("ann", "k", others) is None


def test_an_id_sorts_after_the_bound_of_its_time() -> None:
    assert first_since(5_000) < video_id("ann", None, 5_000) < first_since(5_001)


def test_a_completion_after_a_refusal_is_another_one() -> None:
    first = completion_id("v", "ann", "k", None)
    assert completion_id("v", "ann", "k", 0) == first
    refused = completion_id("v", "ann", "k", 5)
    assert refused not in (first, completion_id("v", "ann", "k", 6))
    assert completion_id("v", "ann", "k", 5) == refused


def test_a_command_with_a_key_is_one_event() -> None:
    assert command_id("start", "ann", "k") == command_id("start", "ann", "k")
    assert command_id("start", "ann", "k") != command_id("start", "bob", "k")
    assert command_id("start", "ann", None) != command_id("start", "ann", None)
