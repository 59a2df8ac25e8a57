"""A task that fails costs another try, then a rung, and the video only when nothing is left of it."""

from __future__ import annotations

import msgspec
import pytest

from processors.encoding.failures import task_failed
from processors.media.limits import LimitExceeded
from processors.retries import ATTEMPTS
from schemas import encodes as facts
from schemas.encode_reports import TaskFailed
from schemas.encode_tasks import ChunkRequested
from schemas.videos import VideoFailed, VideoPlayable
from tests.unit.processors.test_direct_encode import CHUNKS, RUNGS, WHOLE, audio, encode, encoded, failed, of


def test_a_chunk_that_fails_on_every_rung_fails_the_video_and_says_why() -> None:
    topology = encode(failed("chunk-1", ATTEMPTS), failed("chunk-1", ATTEMPTS + 1))
    [failure] = of(topology, VideoFailed, "videos")
    assert isinstance(failure, VideoFailed)
    assert failure.reason == "chunk-1 (360p) could not be encoded: the decoder died"


def test_a_source_that_can_not_be_decoded_fails_at_once() -> None:
    topology = encode(failed("chunk-1", permanent=True, code="damaged"))
    [failure] = of(topology, VideoFailed, "videos")
    assert isinstance(failure, VideoFailed)
    assert failure.code == "damaged"


def test_a_rung_that_can_not_be_made_leaves_the_others_playable() -> None:
    topology = encode(audio(0), encoded(0, 0), failed("chunk-1", permanent=True, code="too_demanding"))
    [dropped] = of(topology, facts.RenditionFailed)
    assert isinstance(dropped, facts.RenditionFailed)
    assert (dropped.rendition, dropped.part, dropped.reason) == ("720p", "chunk-1", "the decoder died")
    again = topology.log("encode-tasks")[-1]
    assert isinstance(again, ChunkRequested)
    assert ([rung.name for rung in again.rungs], again.chunk.index) == (["360p"], 1)
    for report in WHOLE[1:]:
        topology.post(report)
    [done] = of(topology, facts.EncodeCompleted)
    assert isinstance(done, facts.EncodeCompleted)
    assert done.renditions == ("360p", "audio")
    assert not any(
        isinstance(e, facts.SegmentStored) and e.rendition == "720p" and e.number for e in topology.log("encodes")
    )


def test_the_rung_whose_encoder_failed_is_the_one_that_is_given_up() -> None:
    topology = encode(failed("chunk-0", ATTEMPTS, rung="360p"))
    again = topology.log("encode-tasks")[-1]
    assert isinstance(again, ChunkRequested)
    assert [rung.name for rung in again.rungs] == ["720p"]


@pytest.mark.parametrize(("permanent", "attempt"), [(True, 1), (False, ATTEMPTS)], ids=["too much", "last try"])
def test_a_rung_that_is_too_much_for_several_chunks_at_once_is_all_it_costs(permanent: bool, attempt: int) -> None:
    handed_out = tuple(rung.name for rung in RUNGS)
    failures = [failed(f"chunk-{n}", attempt, permanent, code="too_demanding") for n in range(len(CHUNKS))]
    topology = encode(*(msgspec.structs.replace(failure, rungs=handed_out) for failure in failures))
    assert [event.rendition for event in topology.log("encodes") if isinstance(event, facts.RenditionFailed)] == [
        "720p"
    ]
    assert of(topology, facts.EncodeFailed) == []
    again = [task for task in topology.log("encode-tasks") if isinstance(task, ChunkRequested)][len(CHUNKS) :]
    assert [(task.chunk.index, [rung.name for rung in task.rungs]) for task in again] == [(0, ["360p"]), (1, ["360p"])]


def test_a_failed_chunk_tells_the_rungs_it_was_to_make() -> None:
    task = next(task for task in encode().log("encode-tasks") if isinstance(task, ChunkRequested))
    told = task_failed(task, LimitExceeded("memory", "too much"))
    assert isinstance(told, TaskFailed)
    assert (told.rung, told.rungs) == (None, ("360p", "720p"))


def test_a_video_that_waited_for_a_rung_plays_without_it() -> None:
    first = encoded(0, 0)
    lower = msgspec.structs.replace(first, segments=first.segments[:1])
    topology = encode(audio(0), lower)
    assert of(topology, VideoPlayable, "videos") == []
    topology.post(failed("chunk-0", ATTEMPTS))
    assert len(of(topology, VideoPlayable, "videos")) == 1
