"""A machine that is never idle costs no rung: time by the clock is not what a later task is judged by."""

from __future__ import annotations

import pytest

from processors.encoding.encode_audio import encode_audio
from processors.encoding.encode_chunk import encode_chunk
from processors.encoding.failures import task_failed
from processors.encoding.time_limits import LATER, STARVED, STARVED_ATTEMPTS
from processors.media.contents import LATEST_MS
from processors.media.jobs import ChunkJob
from processors.media.limits import LimitExceeded, Limits, limits_for
from processors.media.model import Chunk, Rung
from processors.retries import ATTEMPTS, pause
from schemas import encodes as facts
from schemas.encode_reports import TaskFailed
from schemas.encode_tasks import AudioRequested, ChunkRequested
from schemas.encode_tasks_later import PassChunkRequested
from streams.event import Event, minutes
from streams.harness import Topology
from streams.task_run import TimeLimit
from tests.unit.media.test_plan import video
from tests.unit.processors.test_direct_encode import encode, failed, of
from tests.unit.processors.test_encode_passes import ALL_COUNT, PLAN, START

LATE = TimeLimit("encode_chunk ran longer than 3300 s")


def in_a_pass() -> Topology:
    """The first of the slower passes has been handed out."""
    return encode(*START, ALL_COUNT, plan=PLAN)


def told(task: Event, error: Exception) -> TaskFailed:
    assert isinstance(task, ChunkRequested | PassChunkRequested)
    report = task_failed(task, error)
    assert isinstance(report, TaskFailed)
    return report


def test_a_later_task_may_take_an_hour_by_the_clock_and_a_chunk_of_the_start_may_not():
    assert encode_chunk.limit(PassChunkRequested) == LATER
    assert encode_chunk.limit(ChunkRequested) < minutes(10)


def test_the_sound_of_a_whole_day_has_time_on_a_busy_machine():
    """Measured: 81 times its speed by processor time, here with a third of a core."""
    assert encode_audio.limit(AudioRequested) > 3 * LATEST_MS / 81


def test_only_a_later_task_lacks_time_alone():
    topology = in_a_pass()
    assert told(topology.log("encode-tasks-later")[-1], LATE).code == STARVED
    assert told(topology.log("encode-tasks-later")[-1], LimitExceeded("cpu", "too much")).code == "too_demanding"
    [first, *_] = [task for task in topology.log("encode-tasks") if isinstance(task, ChunkRequested)]
    assert told(first, LATE).code == "worker_failed"


@pytest.mark.parametrize(("code", "lost"), [(STARVED, False), ("worker_failed", True)])
def test_what_only_lacks_time_is_tried_again_where_others_cost_a_rung(code: str, lost: bool):
    topology = in_a_pass()
    topology.post(failed("vp9-chunk-0", ATTEMPTS, code=code))
    assert bool(of(topology, facts.RenditionFailed)) == lost
    topology.advance(pause(ATTEMPTS) + 1)
    again = topology.log("encode-tasks-later")[-1]
    assert isinstance(again, PassChunkRequested)
    assert (again.attempt, len(again.rungs)) == (ATTEMPTS + 1, 1 if lost else 2)


def test_even_then_something_else_is_wrong_at_last():
    topology = in_a_pass()
    topology.post(failed("vp9-chunk-0", STARVED_ATTEMPTS, code=STARVED))
    assert of(topology, facts.RenditionFailed)


def limits_of(codec: str, height: int) -> Limits:
    """Of a chunk whose highest rung is that."""
    rung = Rung(name=f"{height}p", codec=codec, width=height * 16 // 9, height=height, max_kbps=1)
    chunk = Chunk(index=0, start_ms=0, end_ms=None, first_number=0)
    return limits_for(ChunkJob(video_id="v", video=video(rung.width, height), chunk=chunk, rungs=[rung]))


def test_a_chunk_is_too_much_by_its_processor_time():
    limits = limits_of("h264", 360)
    assert limits.cpu_s < limits.time_s * 2 / 3


def test_large_pictures_may_use_more_memory_and_in_hdr_most():
    sizes = [("hevc", 1080), ("hevc", 2160), ("hevc-pq", 2160)]
    assert [limits_of(codec, height).memory_bytes >> 30 for codec, height in sizes] == [2, 4, 6]
