"""An encode that is to take another's place fails by a worker's fault, and may lack what its source does not give."""

from __future__ import annotations

import msgspec

from processors.encoding.list_encoded_segments import list_encoded_segments
from processors.encoding.show_encode import show_encode
from processors.retries import ATTEMPTS
from schemas import encodes as facts
from schemas.videos import VideoFailed
from streams.event import natural_id
from streams.harness import run
from tests.unit.processors.test_direct_encode import ENCODE, failed, of
from tests.unit.processors.test_encode_passes import ALL_COUNT, PLAN, START
from tests.unit.processors.test_reencode import AGAIN, REST, SECOND, again, encode


def test_if_anything_of_it_fails_the_old_stays_and_its_segments_go() -> None:
    topology = encode(SECOND, REST[0], again(failed("chunk-1", ATTEMPTS)), *REST[1:])
    [ended] = of(topology, facts.EncodeFailed)
    assert isinstance(ended, facts.EncodeFailed)
    assert (ended.encode_id, ended.replaces) == (AGAIN, ENCODE)
    assert of(topology, VideoFailed, "videos") == []
    assert of(topology, facts.EncodeReplaced) == []
    [row] = run(show_encode, topology.log("encodes")).rows["encodes"]
    assert (row["encode_id"], row["state"], row["next_state"]) == (ENCODE, "completed", "failed")
    left = run(list_encoded_segments, topology.log("encodes")).rows["encoded_segments"]
    assert {row["encode_id"] for row in left} == {ENCODE}


def test_a_third_may_follow_a_second_that_failed() -> None:
    third = msgspec.structs.replace(SECOND, event_id=natural_id("plan 3"), encode_id=natural_id("third"))
    topology = encode(SECOND, again(failed("chunk-1", ATTEMPTS)), third)
    assert len(of(topology, facts.EncodeStarted)) == 3


def test_what_can_not_be_made_of_the_source_is_left_out_of_the_second_as_of_the_first() -> None:
    whole = failed("chunk-1", permanent=True, code="too_demanding")
    topology = encode(SECOND, again(whole), *REST)
    [replaced] = of(topology, facts.EncodeReplaced)
    assert isinstance(replaced, facts.EncodeReplaced)
    assert (replaced.rungs, replaced.renditions) == (("360p",), ("360p", "audio"))
    assert set(replaced.counts) == {"360p", "audio"}


def test_a_source_that_is_gone_costs_the_video_nothing_that_it_has() -> None:
    plan = msgspec.structs.replace(PLAN, event_id=natural_id("plan again"), encode_id=AGAIN, replaces=ENCODE)
    lost = failed("vp9-chunk-0", permanent=True, code="source_changed")
    topology = encode(plan, *map(again, (*START[:-1], ALL_COUNT, lost)))
    assert len(of(topology, facts.EncodeFailed)) == 1
    assert of(topology, facts.EncodeReplaced) == []
