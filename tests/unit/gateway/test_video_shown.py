"""One state of a video from the rows of several views."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.playback.sessions import require_playable
from gateway.problems import Problem
from gateway.videos.known import Known
from gateway.videos.shown import Rendition, shown, state_of

UPLOAD: dict[str, Any] = {"owner": "ann", "state": "completed", "filename": "a.mp4", "created_at": 1}
VIDEO: dict[str, Any] = {"owner": "ann", "title": "A", "visibility": "public", "created_at": 1}
ENCODE: dict[str, Any] = {
    "state": "running", "segments_planned": 4, "rungs": ["720p", "360p"], "audio": True, "duration_ms": 9000,
    "poster_key": "pictures/v/x.jpg",
}  # fmt: skip


@pytest.mark.parametrize(
    ("upload", "video", "status"),
    [
        ({"state": "expired"}, {"state_videos": "playable", "playable": True}, 410),
        ({"state": "aborted"}, {"state_videos": "playable", "playable": True}, 410),
        ({"state": "completed"}, {"state_videos": "probed"}, 409),
    ],
)
def test_what_can_not_be_watched_begins_no_session(upload: Any, video: Any, status: int) -> None:
    with pytest.raises(Problem) as refusal:
        require_playable(Known("v", upload, video, None))
    assert refusal.value.status == status


def test_a_video_that_plays_while_it_arrives_begins_a_session() -> None:
    require_playable(Known("v", {"state": "open"}, {"state_videos": "playable", "playable": True}, None))


@pytest.mark.parametrize(
    ("upload", "video", "state"),
    [
        ({"state": "open"}, None, "uploading"),
        ({"state": "open"}, {"title": "A"}, "uploading"),
        ({"state": "open"}, {"state_videos": "playable"}, "uploading"),
        ({"state": "aborted"}, {"state_videos": "playable"}, "deleted"),
        ({"state": "expired"}, {"state_videos": "playable"}, "failed"),
        ({"state": "completed"}, {"title": "A"}, "probing"),
        ({"state": "completed"}, {"state_videos": "probed"}, "encoding"),
        ({"state": "completed"}, {"state_videos": "playable"}, "encoding"),
        ({"state": "completed"}, {"state_videos": "published"}, "published"),
        ({"state": "completed"}, {"state_videos": "rejected"}, "rejected"),
        ({"state": "completed"}, {"state_videos": "failed"}, "failed"),
        ({"state": "completed"}, {"state_videos": "published", "deleted": True}, "deleted"),
        ({"state": "aborted"}, {"title": "A"}, "deleted"),
        ({"state": "expired"}, {"title": "A"}, "failed"),
        (None, {"state_videos": "published"}, "published"),
    ],
)
def test_the_state_is_the_furthest_word(upload: Any, video: Any, state: str) -> None:
    assert state_of(upload, video)[0] == state


def test_it_plays_as_soon_as_it_is_playable_and_shows_how_far_it_is() -> None:
    rungs = [Rendition("720p", 1280, 720, "avc1.64001f", 1)]
    video = shown("v", UPLOAD, {**VIDEO, "playable": True, "state_videos": "playable"}, ENCODE, rungs, 3, "/media/t/v")
    assert (video.state, video.playable) == ("encoding", True)
    assert (video.hls, video.dash) == ("/media/t/v/master.m3u8", "/media/t/v/manifest.mpd")
    assert video.poster == "/media/t/v/poster.jpg"
    assert video.progress is not None
    assert (video.progress.segments_done, video.progress.segments_total, video.progress.fraction) == (3, 12, 0.25)


@pytest.mark.parametrize(("upload", "plays"), [("open", True), ("expired", False), ("aborted", False)])
def test_it_plays_while_it_is_uploaded_and_no_more_when_that_is_given_up(upload: str, plays: bool) -> None:
    row = {**VIDEO, "playable": True, "state_videos": "playable"}
    video = shown("v", {**UPLOAD, "state": upload}, row, ENCODE, [], 3, "/media/t/v")
    assert (video.playable, video.hls is not None) == (plays, plays)


def test_a_complete_encode_is_all_of_it_however_many_segments_were_planned() -> None:
    video = shown("v", UPLOAD, VIDEO, {**ENCODE, "state": "completed"}, [], 11, "m")
    assert video.progress is not None
    assert video.progress.fraction == 1.0


def test_damage_that_was_patched_up_is_told() -> None:
    row = {**VIDEO, "playable": True, "state_videos": "published"}
    assert shown("v", UPLOAD, row, ENCODE, [], 12, "m").warnings == []
    assert "in 3 places" in shown("v", UPLOAD, {**row, "concealed": 3}, ENCODE, [], 12, "m").warnings[0]


def test_a_deleted_video_plays_no_more() -> None:
    row = {**VIDEO, "playable": True, "state_videos": "published", "deleted": True}
    video = shown("v", UPLOAD, row, ENCODE, [], 12, "m")
    assert (video.hls, video.dash, video.poster, video.playable) == (None, None, None, False)


def test_before_it_is_described_a_video_is_its_owners_upload() -> None:
    video = shown("v", {**UPLOAD, "state": "open"}, None, None, [], 0, "m")
    assert (video.title, video.visibility, video.owner, video.state) == ("a.mp4", "private", "ann", "uploading")
