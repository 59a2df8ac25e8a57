"""The uploading client's own logic."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.client.content_types import content_type
from gateway.client.transfer import fresh, resumed
from gateway.client.watch import Watching

STATUS: dict[str, Any] = {"video_id": "v", "kind": "multipart", "size": 25, "part_size": 10, "part_count": 3}


def test_a_resumed_upload_sends_only_what_is_not_whole_in_the_store() -> None:
    parts = [{"number": 1, "etag": "a", "size": 10}, {"number": 3, "etag": "c", "size": 4}]
    plan = resumed({**STATUS, "parts": parts})
    assert plan.missing == [3, 2]
    assert [plan.span(n) for n in (1, 2, 3)] == [(0, 10), (10, 10), (20, 5)]


def test_a_fresh_upload_begins_with_the_urls_it_was_given() -> None:
    put = fresh({"video_id": "v", "upload": {"kind": "put", "url": "u"}}, 7)
    assert (put.missing, put.urls, put.span(1)) == ([1], {1: "u"}, (0, 7))


def heard(*events: tuple[str, dict[str, Any]]) -> Watching:
    watching = Watching()
    for name, event in events:
        watching.hear({"type": name, "event": event})
    return watching


STARTED = ("EncodeStarted", {"segments_planned": 2, "rungs": [{}, {}], "audio": True})


def test_segments_count_once_towards_the_whole() -> None:
    segment = ("SegmentStored", {"rendition": "360p", "number": 0})
    watching = heard(STARTED, segment, segment)
    assert (watching.done, watching.total) == (1, 6)


def test_it_plays_before_it_is_published() -> None:
    watching = heard(STARTED, ("VideoPlayable", {}))
    assert watching.playable
    assert watching.outcome is None
    watching.hear({"type": "VideoPublished", "event": {}})
    assert watching.outcome is not None
    assert watching.outcome.published


@pytest.mark.parametrize("name", ["VideoRejected", "VideoFailed", "VideoDeleted", "UploadAborted", "UploadExpired"])
def test_what_will_never_play_ends_with_a_reason(name: str) -> None:
    outcome = heard((name, {"reason": "No picture."})).outcome
    assert outcome is not None
    assert not outcome.published
    assert outcome.reason


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.MKV", "video/x-matroska"), ("a.mxf", "application/mxf"), ("a", "application/octet-stream")],
)
def test_a_files_type_is_told_by_its_name(name: str, kind: str) -> None:
    assert content_type(name) == kind
