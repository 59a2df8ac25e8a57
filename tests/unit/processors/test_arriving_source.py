"""A video is probed and encoded while its upload still runs, and all of it is thrown away where that ends otherwise."""

from __future__ import annotations

import msgspec
import pytest

from processors.probing.order_probe import order_probe
from processors.probing.settle_probe import settle_probe
from schemas import encodes as facts
from schemas.encode_tasks import AudioRequested, ChunkRequested, PicturesRequested
from schemas.probe_reports import ProbeFailed, SourceUnplayable
from schemas.uploads import CompletionRequested, Part, UploadAborted, UploadExpired
from schemas.videos import (
    ReencodeRefused,
    ReencodeRequested,
    SourceConfirmed,
    VideoProbed,
    VideoPublished,
    VideoRejected,
)
from streams.event import minutes, natural_id
from streams.harness import Topology
from streams.held_parts import held
from tests.arriving_upload import ETAGS, PART, STARTED, VIDEO, Given, completed, name_of, stored


def test_a_look_is_ordered_with_the_first_part_with_the_last_and_when_there_is_twice_as_much() -> None:
    given = Given(2, 3)
    assert given.probes() == []
    given.post(*map(stored, (1, 10, *range(4, 9))))
    looks = [(1, 3), (1, 3, 10, 10), (1, 7, 10, 10)]
    assert [(task.part_size, task.held_parts) for task in given.probes()] == [(PART, ranges) for ranges in looks]
    assert given.probes()[-1].parts_digest == held({n: ETAGS[n] for n in (*range(1, 8), 10)}).digest


def test_what_is_there_is_encoded_and_the_rest_when_it_comes() -> None:
    given = Given(1, 10).probed()
    assert given.of(facts.EncodeStarted)
    assert given.asked() == []
    given.post(stored(2))
    assert given.asked() == ["chunk-0"]  # 6 of 60 seconds in a fifth of the file
    given.post(stored(3))
    assert given.asked() == ["chunk-0", "audio"]  # its loudness is heard on a quarter
    [_, audio] = given.log.log("encode-tasks")
    assert isinstance(audio, AudioRequested)
    assert (audio.level_ms, audio.part_size, audio.held_parts, audio.etag) == (15_000, PART, (1, 3, 10, 10), "")
    given.post(*map(stored, range(4, 9)))
    assert given.asked() == ["chunk-0", "audio", "chunk-1"]
    given.post(stored(9))
    assert given.asked()[3:] == ["chunk-2"]  # and pictures when all is one object


def test_a_task_that_lacks_something_is_asked_for_again_when_that_is_there() -> None:
    given = Given(1, 10, 2, 3).probed()
    before = len(given.asked())
    given.lacks("chunk-0", 3 * PART + 5)
    assert len(given.asked()) == before
    given.post(stored(4))
    assert given.asked()[before:] == ["chunk-0"]
    given.lacks("audio", 4 * PART)
    given.post(stored(5))
    assert given.asked()[before:] == ["chunk-0"]  # sound begins anew each time, so half as much again must be there
    given.post(stored(6))
    assert given.asked()[before:] == ["chunk-0", "audio"]


def test_a_task_that_lacked_something_which_has_come_meanwhile_is_asked_for_at_once() -> None:
    given = Given(1, 10, 2, 3).probed()
    before = len(given.asked())
    assert given.lacks("chunk-0", 2 * PART).asked()[before:] == ["chunk-0"]


def test_when_the_source_is_the_one_that_was_read_the_encode_goes_on_and_is_published() -> None:
    given = Given(1, 10, *range(2, 10)).probed().post(completed())
    assert given.of(SourceConfirmed) == []  # the whole is looked at once more
    given.probed(arriving=False)
    assert [type(event) for event in given.of(SourceConfirmed)] == [SourceConfirmed]
    [pictures] = [task for task in given.log.log("encode-tasks") if isinstance(task, PicturesRequested)]
    assert pictures.etag == "whole"
    given.made()
    assert len(given.of(VideoPublished)) == len(given.of(VideoProbed)) == len(given.of(facts.EncodeStarted)) == 1


def test_nothing_is_published_before_the_upload_is_complete_however_much_is_made() -> None:
    given = Given(1, 10, *range(2, 10)).probed().made()
    assert given.of(facts.EncodeCompleted) == []
    given.post(completed()).probed(arriving=False)
    assert len(given.of(facts.EncodeCompleted)) == 1


@pytest.mark.parametrize("told", [True, False])
def test_a_part_that_was_replaced_has_all_made_anew_from_the_whole(told: bool) -> None:
    given = Given(1, 10, 2, 3).probed()
    first = given.plan().encode_id
    if told:
        given.post(stored(2, "other"))
    given.post(*map(stored, range(4, 10)), completed({**ETAGS, 2: "other"}))
    assert given.probes()[-1].part_size == 0
    assert given.of(SourceConfirmed) == []
    given.probed(arriving=False)
    plan = given.plan()
    assert (plan.encode_id == first, plan.arriving, plan.etag) == (False, False, "whole")
    assert [e.encode_id for e in given.of(facts.EncodeStarted) if isinstance(e, facts.EncodeStarted)][
        -1
    ] == plan.encode_id
    given.made()
    [discarded] = given.of(facts.SegmentsDiscarded)
    assert isinstance(discarded, facts.SegmentsDiscarded)
    assert discarded.encode_id == first
    [published] = given.of(VideoPublished)
    assert isinstance(published, VideoPublished)
    assert published.encode_id == plan.encode_id


@pytest.mark.parametrize(("duration_ms", "stands"), [(60_050, True), (66_000, False)])
def test_the_first_answer_stands_if_the_same_is_found_in_the_whole(duration_ms: int, stands: bool) -> None:
    given = Given(1, 10, *range(2, 10)).probed().post(completed()).probed(arriving=False, duration_ms=duration_ms)
    assert [len(given.of(kind)) for kind in (SourceConfirmed, facts.SegmentsDiscarded)] == [stands, not stands]
    assert given.plan().duration_ms == (60_000 if stands else 66_000)


def test_what_turns_out_to_be_no_video_takes_its_encode_along() -> None:
    given = Given(1, 10, *range(2, 10)).probed().post(completed({**ETAGS, 2: "other"}))
    given.post(SourceUnplayable(event_id=natural_id("u"), video_id=VIDEO, code="damaged", reason="It is."))
    assert [len(given.of(kind)) for kind in (VideoRejected, facts.EncodeCancelled)] == [1, 1]
    assert given.made().of(VideoPublished) == []


def test_parts_that_were_never_reported_are_known_by_the_completion() -> None:
    parts = tuple(Part(number=number, etag=etag) for number, etag in ETAGS.items())
    given = Given(1, 10).probed()
    given.post(CompletionRequested(event_id=natural_id("c"), video_id=VIDEO, parts=parts), completed())
    given.probed(arriving=False)
    assert len(given.of(SourceConfirmed)) == 1


def test_parts_that_nobody_reported_are_looked_into_as_a_whole() -> None:
    parts = tuple(Part(number=number, etag=etag) for number, etag in ETAGS.items())
    given = Given().post(CompletionRequested(event_id=natural_id("c"), video_id=VIDEO, parts=parts), completed())
    assert [(task.etag, task.part_size) for task in given.probes()] == [("whole", 0)]


@pytest.mark.parametrize("end", [UploadAborted, UploadExpired])
def test_an_upload_that_is_given_up_takes_its_encode_along(end: type[UploadAborted | UploadExpired]) -> None:
    given = Given(1, 10, 2, 3).probed()
    given.post(end(event_id=natural_id("end"), video_id=VIDEO))
    assert [len(given.of(kind)) for kind in (facts.EncodeCancelled, facts.SegmentsDiscarded)] == [1, 1]
    before = len(given.asked())
    assert given.lacks("chunk-0", 0).asked()[before:] == []


def test_an_early_look_that_failed_is_no_verdict() -> None:
    given = Given(1, 10)
    given.post(ProbeFailed(event_id=natural_id("f"), video_id=VIDEO, error="died", attempt=5, arriving=True))
    given.post(*map(stored, range(2, 10)), completed())
    assert given.probes()[-1].etag == "whole"
    given.probed(arriving=True)  # of an earlier order, too late
    assert given.of(VideoProbed) == []
    given.post(SourceUnplayable(event_id=natural_id("u"), video_id=VIDEO, code="damaged", reason="It is."))
    assert [type(event).__name__ for event in given.log.log("videos")] == ["VideoRejected"]


def test_an_upload_by_one_put_is_probed_when_it_is_whole() -> None:
    given = Given()
    given.log = Topology([order_probe, settle_probe], clock=0)
    given.post(msgspec.structs.replace(STARTED, kind="put", part_count=1), stored(1), completed())
    assert [(task.etag, task.part_size) for task in given.probes()] == [("whole", 0)]


def test_a_refusal_of_what_is_arriving_is_no_verdict() -> None:
    """A worker of the version before knows no parts, and says that the object is not there."""
    refused = SourceUnplayable(event_id=natural_id("u"), video_id=VIDEO, code="source_changed", reason="")
    given = Given(1, 10).post(refused)
    assert given.of(VideoRejected) == []
    given.post(*map(stored, range(2, 10)), completed()).probed(arriving=False)
    assert len(given.of(VideoProbed)) == 1


@pytest.mark.parametrize("late", [False, True], ids=["while it arrives", "when it is whole"])
def test_a_task_of_parts_that_a_worker_knows_nothing_of_waits_for_the_whole(late: bool) -> None:
    given = Given(1, 10, 2, 3).probed()
    before = given.asked().count("chunk-0")
    whole = [*map(stored, range(4, 10)), completed()]
    given.post(*(whole if late else []))
    given = given.probed(arriving=False) if late else given
    given.failed("chunk-0", 1)
    assert given.of(facts.EncodeFailed) == []
    given = given if late else given.post(*whole).probed(arriving=False)
    again = [task for task in given.log.log("encode-tasks") if name_of(task) == "chunk-0"][before:]
    assert [(task.attempt, task.etag) for task in again if isinstance(task, ChunkRequested)] == [(2, "whole")]
    assert len(given.made().of(VideoPublished)) == 1


def test_a_try_after_a_failure_and_a_wait_is_the_next() -> None:
    """Failures are named by their try: as the first again, it would be taken for one that is known, and never end."""
    given = Given(1, 10, 2, 3).probed().failed("chunk-0", 1, "crashed", permanent=False)
    given.log.advance(minutes(5))
    given.lacks("chunk-0", 3 * PART).post(stored(4))
    tries = [task.attempt for task in given.log.log("encode-tasks") if isinstance(task, ChunkRequested)]
    assert tries == [1, 2, 2]


def test_a_source_that_is_still_arriving_is_not_encoded_once_more() -> None:
    asked = ReencodeRequested(event_id=natural_id("again"), video_id=VIDEO)
    given = Given(1, 10, 2, 3).probed().failed("chunk-0", 1, "damaged").post(asked)
    [refused] = given.of(ReencodeRefused)
    assert isinstance(refused, ReencodeRefused)
    assert refused.code == "unknown_source"
    given.post(*map(stored, range(4, 10)), completed()).probed(arriving=False)
    given.post(msgspec.structs.replace(asked, event_id=natural_id("and again")))
    assert len(given.of(facts.EncodeStarted)) == 2


def test_a_second_plan_of_what_is_arriving_knows_what_there_is_and_so_does_a_third() -> None:
    given = Given(1, 10, 2, 3).probed()
    plans = [msgspec.structs.replace(given.plan(), event_id=natural_id(n), encode_id=natural_id(n)) for n in range(2)]
    for plan in plans:
        given.failed("chunk-0", 1, "damaged").post(plan)
    last = given.log.log("encode-tasks")[-1]
    assert isinstance(last, ChunkRequested | AudioRequested)
    assert (last.encode_id, last.part_size) == (plans[-1].encode_id, PART)
