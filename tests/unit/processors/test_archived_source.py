"""An encode whose source lies in the archive waits until the store has it back, and goes on."""

from __future__ import annotations

import pytest

from gateway.waiting import waiting_for
from processors.encoding.encode_source import AGAIN, LONGEST, NOT_RESTORED, SOURCE_ARCHIVED
from processors.encoding.failures import task_failed
from processors.encoding.still_wanted import OVER
from processors.retries import ATTEMPTS
from schemas import encode_reports as reports
from schemas import encodes as facts
from schemas.encode_tasks import AudioRequested, ChunkRequested
from schemas.storage_tasks import RestoreRequested
from schemas.videos import SourceArchived, SourceRestored
from streams.event import Event, natural_id
from streams.harness import Topology
from streams.store_errors import Archived
from tests.unit.processors.test_direct_encode import ENCODE, VIDEO, WHOLE, encode, failed, of, planned
from tests.unit.processors.test_encode_passes import ALL_COUNT, PLAN, START, later

TASK = natural_id(ENCODE, "task", "source")


def archived(part: str, attempt: int = 1) -> Event:
    return failed(part, attempt, code=SOURCE_ARCHIVED)


def returned(attempt: int) -> Event:
    return reports.SourceReturned(
        event_id=natural_id("returned", attempt), video_id=VIDEO, encode_id=ENCODE, task_id=TASK
    )


def asked(topology: Topology) -> list[int]:
    return [task.attempt for task in topology.log("storage-tasks") if isinstance(task, RestoreRequested)]


def test_the_source_is_asked_for_once_and_all_that_waits_goes_on_when_it_is_back() -> None:
    topology = encode(archived("chunk-0"), archived("audio"), archived("chunk-1"))
    assert asked(topology) == [1]
    assert len(of(topology, SourceArchived, "videos")) == 1
    assert len(topology.log("encode-tasks")) == 4
    topology.post(returned(1))
    again = topology.log("encode-tasks")[4:]
    assert [type(task) for task in again] == [ChunkRequested, AudioRequested, ChunkRequested]
    assert [getattr(task, "attempt", 0) for task in again] == [2, 2, 2]
    [restored] = of(topology, SourceRestored, "videos")
    assert isinstance(restored, SourceRestored)
    assert restored.store_key == "sources/v"
    for report in WHOLE:
        topology.post(report)
    assert len(of(topology, facts.EncodeCompleted)) == 1


def test_the_store_is_asked_again_and_again_without_a_failure() -> None:
    topology = encode(archived("chunk-0"))
    for attempt in range(1, 2 * ATTEMPTS):
        topology.post(archived("source", attempt))
        topology.advance(AGAIN - 1)
        assert asked(topology) == list(range(1, attempt + 1))
        topology.advance(1)
    assert asked(topology) == list(range(1, 2 * ATTEMPTS + 1))
    assert of(topology, facts.EncodeFailed) == []
    topology.post(returned(2 * ATTEMPTS))
    assert len(topology.log("encode-tasks")) == 5


def test_a_source_that_is_archived_once_more_is_asked_for_once_more() -> None:
    """A restored copy is kept for some days; the ids of what is reported of the second time are its own."""
    topology = encode(archived("chunk-0"), returned(1), archived("chunk-0", 2))
    assert asked(topology) == [1, 2]
    topology.post(returned(2))
    assert len(of(topology, SourceRestored, "videos")) == 2
    assert topology.log("encode-tasks")[-1].partition_key == topology.log("encode-tasks")[0].partition_key


def test_what_fails_otherwise_meanwhile_is_tried_again_as_ever() -> None:
    topology = encode(failed("audio"), archived("chunk-0"), archived("source"))
    topology.advance(AGAIN - 1)
    assert [type(task) for task in topology.log("encode-tasks")[4:]] == [AudioRequested]
    topology.advance(1)
    assert asked(topology) == [1, 2]


@pytest.mark.parametrize(("attempt", "permanent"), [(LONGEST, False), (1, True)], ids=["never back", "gone"])
def test_a_source_that_does_not_come_back_fails_the_encode_and_says_why(attempt: int, permanent: bool) -> None:
    topology = encode(archived("chunk-0"), failed("source", attempt, permanent, code=SOURCE_ARCHIVED))
    [failure] = of(topology, facts.EncodeFailed)
    assert isinstance(failure, facts.EncodeFailed)
    assert failure.code == NOT_RESTORED
    assert failure.reason == "chunk-0 (360p, 720p) could not be encoded: the decoder died"


def test_a_slower_pass_whose_source_does_not_come_back_is_left_out_and_the_video_stays() -> None:
    topology = encode(*START, ALL_COUNT, archived("vp9-chunk-0"), archived("vp9-chunk-1"), plan=PLAN)
    topology.post(failed("source", LONGEST, code=SOURCE_ARCHIVED))
    lost = [event.rendition for event in topology.log("encodes") if isinstance(event, facts.RenditionFailed)]
    assert lost == ["360p-vp9", "720p-vp9"]
    assert of(topology, facts.EncodeFailed) == []
    assert later(topology)[-1] == "360p-hevc 720p-hevc"


def test_a_cancelled_encode_asks_for_nothing_more() -> None:
    cancel = reports.CancelRequested(event_id=natural_id("x"), video_id=VIDEO)
    topology = encode(archived("chunk-0"), archived("source"), cancel, returned(1))
    topology.advance(AGAIN)
    assert asked(topology) == [1]
    assert len(topology.log("encode-tasks")) == 4
    assert "cancelled" in OVER


def test_a_worker_tells_an_archived_source_from_a_missing_one() -> None:
    [task, *_] = encode().log("encode-tasks")
    assert isinstance(task, ChunkRequested)
    told = task_failed(task, Archived("sources/v: InvalidObjectState"))
    assert isinstance(told, reports.TaskFailed)
    assert (told.code, told.permanent, told.part) == (SOURCE_ARCHIVED, False, "chunk-0")


def test_what_the_video_waits_for_is_said() -> None:
    plan = planned()
    started = facts.EncodeStarted(
        video_id=VIDEO, encode_id=ENCODE, rungs=(), chunks=2, audio=True, duration_ms=1, segments_planned=1
    )
    away = SourceArchived(video_id=VIDEO, encode_id=ENCODE, store_key="k")
    back = SourceRestored(video_id=VIDEO, encode_id=ENCODE, store_key="k")
    assert "archive" in waiting_for([plan, started, away])
    assert "archive" not in waiting_for([plan, started, away, back])


def test_every_time_it_is_archived_it_has_as_long_to_come_back() -> None:
    topology = encode(archived("chunk-0"), archived("source", LONGEST - 1))
    topology.advance(AGAIN)
    topology.post(returned(LONGEST))
    for report in (archived("chunk-0", 2), archived("source", LONGEST + 1)):
        topology.post(report)
    assert of(topology, facts.EncodeFailed) == []
    topology.post(archived("source", 2 * LONGEST))
    assert len(of(topology, facts.EncodeFailed)) == 1
