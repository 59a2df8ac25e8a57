"""A video is encoded once more beside what is played, which stays until the new one is complete."""

from __future__ import annotations

import msgspec

from deploy import ROOT
from processors.encoding.direct_encode import direct_encode
from processors.encoding.discard_segments import GRACE, discard_segments
from processors.encoding.list_encoded_segments import list_encoded_segments
from processors.encoding.plan_encode import plan_encode
from processors.encoding.publish_video import publish_video
from processors.encoding.show_encode import show_encode
from processors.library.show_video import show_video
from processors.media.encoder_version import ENCODER_VERSION
from schemas import encode_reports as reports
from schemas import encodes as facts
from schemas import videos
from schemas.encode_tasks_later import PassChunkRequested, SoundRequested
from schemas.videos import (
    ReencodeRefused,
    ReencodeRequested,
    VideoDeleted,
    VideoFailed,
    VideoPlayable,
    VideoProbed,
    VideoPublished,
)
from streams.catalogue import Catalogue
from streams.event import Event, natural_id
from streams.harness import Topology, run
from tests.unit.processors.test_direct_encode import (
    ENCODE,
    VIDEO,
    WHOLE,
    audio,
    chunk_done,
    encoded,
    of,
    planned,
)

AGAIN = natural_id("again")
SECOND = msgspec.structs.replace(planned(), event_id=natural_id("plan again"), encode_id=AGAIN, replaces=ENCODE)
CANCEL = reports.CancelRequested(event_id=natural_id("x"), video_id=VIDEO)
PROBED = msgspec.structs.replace(
    msgspec.convert(Catalogue.load(ROOT).examples["VideoProbed"], VideoProbed), video_id=VIDEO, encoding="fast",
    subtitles=(videos.SubtitleStream(index=2, codec="mov_text"),),
)  # fmt: skip
ASKED = ReencodeRequested(event_id=natural_id("asked"), video_id=VIDEO)


def published(encode_id: str = ENCODE) -> VideoPublished:
    return VideoPublished(
        event_id=natural_id("published", encode_id), video_id=VIDEO, encode_id=encode_id, duration_ms=9, renditions=()
    )


def again(event: Event) -> Event:
    """What a worker reports of the first encode, reported of the second."""
    return msgspec.structs.replace(event, event_id=natural_id("again", event.event_id), encode_id=AGAIN)


REST = tuple(again(event) for event in (*WHOLE[:-1],))  # no pictures: those of the first encode stay


def encode(*events: Event) -> Topology:
    topology = Topology([direct_encode, publish_video, discard_segments], clock=0)
    for event in (planned(), *WHOLE, *events):
        topology.post(event)
    return topology


def plans(*events: Event) -> Topology:
    topology = Topology([plan_encode], clock=0)
    for event in events:
        topology.post(event)
    return topology


def test_a_second_plan_takes_the_published_encodes_place_under_the_policy_asked_for() -> None:
    asked = msgspec.structs.replace(ASKED, encoding="balanced")
    first, second = plans(PROBED, published(), asked).log("encode-reports")
    assert isinstance(first, reports.EncodePlanned)
    assert isinstance(second, reports.EncodePlanned)
    assert (first.replaces, first.encoding) == (None, "fast")
    assert (second.replaces, second.encoding, second.encoder_version) == (ENCODE, "balanced", ENCODER_VERSION)
    assert second.encode_id != first.encode_id
    assert (len(first.texts), second.texts) == (1, ())  # captions are the owner's since


def test_a_second_plan_keeps_the_policy_of_what_is_played() -> None:
    balanced = msgspec.structs.replace(published(), encoding="balanced")
    second = plans(PROBED, balanced, ASKED).log("encode-reports")[-1]
    assert isinstance(second, reports.EncodePlanned)
    assert second.encoding == "balanced"


def test_a_video_whose_encode_failed_is_encoded_as_if_for_the_first_time() -> None:
    lost = VideoFailed(event_id=natural_id("lost"), video_id=VIDEO, code="c", reason="r")
    first, second = plans(PROBED, lost, ASKED).log("encode-reports")
    assert isinstance(first, reports.EncodePlanned)
    assert isinstance(second, reports.EncodePlanned)
    assert second.replaces is None
    assert second.texts == first.texts


def test_what_can_not_be_planned_is_refused_with_a_reason() -> None:
    nonsense = msgspec.structs.replace(ASKED, encoding="splendid")
    deleted = VideoDeleted(event_id=natural_id("deleted"), video_id=VIDEO, owner="a")
    for code, history in (
        ("unknown_source", [ASKED]),
        ("unknown_source", [PROBED, published(), deleted, ASKED]),
        ("unknown_policy", [PROBED, published(), nonsense]),
        ("busy", [PROBED, ASKED]),
    ):
        topology = plans(*history)
        [refused] = of(topology, ReencodeRefused, "videos")
        assert isinstance(refused, ReencodeRefused)
        assert refused.code == code
        assert len(topology.log("encode-reports")) == sum(event is PROBED for event in history)


def test_it_is_encoded_behind_all_new_videos_and_keeps_its_pictures() -> None:
    topology = encode(SECOND)
    assert len(topology.log("encode-tasks")) == 4  # the first encode's
    assert [type(task) for task in topology.log("encode-tasks-later")] == [
        PassChunkRequested,
        SoundRequested,
        PassChunkRequested,
    ]


def test_nothing_is_said_of_it_until_all_of_it_is_complete() -> None:
    topology = encode(SECOND, *REST[:-1])
    assert of(topology, facts.EncodeReplaced) == []
    assert len(of(topology, VideoPublished, "videos")) == 1
    topology.post(REST[-1])
    [replaced] = of(topology, facts.EncodeReplaced)
    assert isinstance(replaced, facts.EncodeReplaced)
    assert (replaced.encode_id, replaced.replaces) == (AGAIN, ENCODE)
    assert replaced.counts == {"360p": 4, "720p": 4, "audio": 1}
    assert [track.name for track in replaced.tracks] == ["360p", "720p", "audio"]
    second = of(topology, VideoPublished, "videos")[1]
    assert isinstance(second, VideoPublished)
    assert (second.encode_id, second.replaces, second.codecs) == (AGAIN, ENCODE, ("h264",))
    assert len(of(topology, VideoPlayable, "videos")) == 1
    assert len(of(topology, facts.EncodeCompleted)) == 1


def test_the_row_shows_the_old_encode_until_the_new_one_is_complete() -> None:
    before = run(show_encode, encode(SECOND, *REST[:-1]).log("encodes")).rows["encodes"]
    after = run(show_encode, encode(SECOND, *REST).log("encodes")).rows["encodes"]
    assert [(row["encode_id"], row["state"], row["next_state"]) for row in before] == [(ENCODE, "completed", "running")]
    assert [(row["encode_id"], row["state"], row["next_state"]) for row in after] == [(AGAIN, "completed", "")]
    assert before[0]["poster_key"] == after[0]["poster_key"]


def test_a_video_keeps_the_time_at_which_it_was_published() -> None:
    playable, first, second = encode(SECOND, *REST).log("videos")
    [before], [after] = (
        run(show_video, log).rows["videos"] for log in ([playable, first], [playable, first, 9, second])
    )
    assert before["published_at"] == after["published_at"]


def test_one_encode_of_a_video_at_a_time() -> None:
    third = msgspec.structs.replace(SECOND, event_id=natural_id("plan 3"), encode_id=natural_id("third"))
    topology = encode(SECOND, third, *REST)
    [refused] = of(topology, ReencodeRefused, "videos")
    assert isinstance(refused, ReencodeRefused)
    assert refused.code == "busy"
    assert len(of(topology, facts.EncodeReplaced)) == 1


def test_a_deleted_video_is_not_encoded_once_more() -> None:
    assert len(of(encode(CANCEL, SECOND), facts.EncodeStarted)) == 1
    stopped = encode(SECOND, CANCEL, *REST)
    assert len(of(stopped, facts.EncodeCancelled)) == 1
    assert of(stopped, facts.EncodeReplaced) == []


def test_a_forgotten_encode_is_replaced_all_the_same() -> None:
    topology = Topology([direct_encode, publish_video], clock=0)
    for event in (SECOND, *REST):
        topology.post(event)
    assert len(of(topology, facts.EncodeReplaced)) == 1


def test_the_old_segments_go_a_day_later_for_somebody_may_be_watching_them() -> None:
    topology = encode(SECOND, *REST)
    assert of(topology, facts.SegmentsDiscarded) == []
    topology.advance(GRACE)
    [gone] = of(topology, facts.SegmentsDiscarded)
    assert isinstance(gone, facts.SegmentsDiscarded)
    assert (gone.encode_id, gone.renditions) == (ENCODE, ())
    left = run(list_encoded_segments, topology.log("encodes")).rows["encoded_segments"]
    assert {row["encode_id"] for row in left} == {AGAIN}


def drop(*renditions: str, encode_id: str = ENCODE) -> reports.DropRequested:
    asked = natural_id("drop", encode_id, *renditions)
    return reports.DropRequested(event_id=asked, video_id=VIDEO, encode_id=encode_id, renditions=renditions)


def test_what_nobody_plays_is_listed_no_more_and_goes_a_day_later() -> None:
    topology = encode(drop("720p"))
    [row] = run(show_encode, topology.log("encodes")).rows["encodes"]
    assert (row["unplayed"], row["unplayed_of"]) == (["720p"], ENCODE)
    topology.advance(GRACE)
    left = run(list_encoded_segments, topology.log("encodes")).rows["encoded_segments"]
    assert {row["rendition"] for row in left} == {"360p", "audio"}


def test_of_an_encode_that_is_under_way_or_played_no_more_nothing_is_dropped() -> None:
    assert of(encode(SECOND, drop("720p")), facts.RenditionDropped) == []
    assert of(encode(SECOND, *REST, drop("720p")), facts.RenditionDropped) == []
    assert len(of(encode(SECOND, *REST, drop("720p", encode_id=AGAIN)), facts.RenditionDropped)) == 1


def test_reports_in_another_order_replace_it_too() -> None:
    late = (again(chunk_done(1, 1)), again(encoded(1, 3)), again(audio(0)), again(chunk_done(0, 3)))
    topology = encode(SECOND, *late, *(again(encoded(0, number)) for number in (2, 0, 1)))
    assert len(of(topology, facts.EncodeReplaced)) == 1


def test_the_codecs_of_the_new_encode_are_as_old_as_the_flip() -> None:
    """What was added long ago is listed however few of its rows are there: these may come later."""
    topology = encode(SECOND, *REST)
    [row] = run(show_encode, topology.log("encodes")).rows["encodes"]
    assert row["added_at"] == row["completed_at"]
