"""What a video leaves in the store is ordered away: all of it when it is deleted, its captions when it has others."""

from __future__ import annotations

import pytest

from processors.storage.order_removal import LATE, MOST_UNNAMED, REPLACED, SOON, order_removal
from processors.storage.places import NotOfVideo, folders, video_of
from schemas.storage_tasks import DiscardRequested, RemovalRequested
from schemas.videos import CaptionAdded, CaptionRemoved, VideoDeleted
from streams.event import Event, days, minutes
from streams.harness import Topology, run

VIDEO = "0192f0c1-7a00-7c3e-8f2a-5b1f0c9d7e11"
DELETED = VideoDeleted(video_id=VIDEO, owner="acct-1")
UNCAPTIONED = CaptionRemoved(video_id=VIDEO, language="de")


def captioned(text: str, origin: str = "uploaded", language: str = "de") -> CaptionAdded:
    key = f"segments/{VIDEO}/text-{language}/{text}.vtt"
    return CaptionAdded(video_id=VIDEO, language=language, origin=origin, label="", key=key, bytes=8, cues=1)


def told(*events: Event | int) -> Topology:
    """Events, and between them ms that pass."""
    topology = Topology([order_removal], clock=0)
    for event in events:
        if isinstance(event, int):
            topology.advance(event)
        else:
            topology.post(event)
    return topology


def discarded(topology: Topology) -> list[str]:
    tasks = [task for task in topology.log("storage-tasks") if isinstance(task, DiscardRequested)]
    return [key.rsplit("/", 1)[1].removesuffix(".vtt") for task in tasks for key in task.keys]


def test_a_deleted_video_goes_soon_and_once_more_when_nothing_can_be_added() -> None:
    topology = told(captioned("a"), DELETED, SOON - 1)
    assert topology.log("storage-tasks") == []
    topology.advance(1)
    topology.advance(LATE - SOON - 1)
    assert len(topology.log("storage-tasks")) == 1
    topology.advance(1)
    first, second = topology.log("storage-tasks")
    assert isinstance(first, RemovalRequested)
    assert isinstance(second, RemovalRequested)
    assert (first.video_id, second.video_id) == (VIDEO, VIDEO)
    assert first.task_id != second.task_id
    assert topology.state(order_removal, VIDEO) is None


def test_deleting_it_again_meanwhile_changes_nothing() -> None:
    topology = told(DELETED, SOON, DELETED, captioned("late"), days(2))
    assert [type(task) for task in topology.log("storage-tasks")] == [RemovalRequested] * 2


def test_replaced_and_removed_captions_go_after_a_while() -> None:
    topology = told(captioned("a"), captioned("b"), minutes(1), REPLACED - minutes(1))
    assert discarded(topology) == ["a"]
    [task] = topology.log("storage-tasks")
    assert isinstance(task, DiscardRequested)
    assert task.before == 0  # what is stored under the name since belongs to somebody's next captions
    for event in (captioned("embedded", "embedded"), UNCAPTIONED):
        topology.post(event)
    topology.advance(REPLACED)
    assert discarded(topology) == ["a", "b", "embedded"]
    assert topology.state(order_removal, VIDEO) is None


def test_captions_that_are_named_again_stay() -> None:
    topology = told(captioned("a"), captioned("b"), captioned("a"), days(1))
    assert discarded(topology) == ["b"]
    assert discarded(told(captioned("a"), captioned("a", "embedded"), captioned("b"), days(1))) == []
    assert discarded(told(captioned("a"), captioned("c", language="en"), UNCAPTIONED, days(1))) == ["a"]


def test_only_so_many_wait_at_once_however_often_captions_are_replaced() -> None:
    topology = told(*(captioned(f"{number:05}") for number in range(MOST_UNNAMED)), minutes(1))
    for number in range(10):
        topology.post(captioned(f"late-{number}"))
        topology.advance(minutes(1))
    assert len(topology.state(order_removal, VIDEO).unnamed) == MOST_UNNAMED
    topology.advance(REPLACED)
    assert sorted(discarded(topology)) == [f"{number:05}" for number in range(MOST_UNNAMED)]


def test_cuts_and_restarts_change_nothing() -> None:
    log = [captioned("a"), captioned("b"), REPLACED, captioned("c"), DELETED, LATE, days(1)]
    whole = run(order_removal, log)
    assert len(whole.emitted) == 3
    for place in range(len(log) + 1):
        assert run(order_removal, log, cuts=[place]) == run(order_removal, log, restarts=[place]) == whole


@pytest.mark.parametrize("name", ["", "..", "0192f0c1", f"{VIDEO}/../other"])
def test_what_is_no_id_names_no_folder(name: str) -> None:
    with pytest.raises(NotOfVideo, match="is no video's id"):
        folders(name)


def test_an_object_is_its_videos_by_its_name() -> None:
    source, segment, picture = f"sources/{VIDEO}", f"segments/{VIDEO}/720p/a.m4s", f"pictures/{VIDEO}/a.jpg"
    for key in (source, f"{source}.parts/00001", segment, picture):
        assert video_of(key) == VIDEO
        assert any(key.startswith(folder) for folder in folders(VIDEO))
    for key in (f"segments/{VIDEO}", f"sources/{VIDEO}x", "segments/v/720p/a.m4s", f".mpus-1-sources/{VIDEO}-1", "x"):
        assert video_of(key) is None
