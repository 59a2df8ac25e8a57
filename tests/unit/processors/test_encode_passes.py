"""Once a video plays, slower passes follow: first what they bring is measured, then codec after codec is added."""

from __future__ import annotations

import msgspec
import pytest

from processors.encoding import encode_tasks
from processors.encoding.encode_stages import next_stage
from processors.encoding.encode_state import Encode
from processors.encoding.publish_video import publish_video
from processors.media.plan import even_chunks
from processors.retries import ATTEMPTS
from schemas import encode_reports as reports
from schemas import encodes as facts
from schemas.encode_tasks_later import LadderRequested, PassChunkRequested
from schemas.videos import VideoFailed, VideoPublished
from streams.event import Event, natural_id
from streams.harness import Topology
from tests.unit.processors.test_direct_encode import ENCODE, RUNGS, VIDEO, WHOLE, encode, failed, of, planned, segment

CODECS = ("vp9", "hevc")
LATER = tuple(
    msgspec.structs.replace(rung, name=f"{rung.name}-{codec}", codec=codec) for codec in CODECS for rung in RUNGS
)
TRACKS = tuple(
    reports.Track(name=rung.name, kind="video", codec=rung.codec, height=rung.height, later=rung.codec != "h264")
    for rung in (*RUNGS, *LATER)
)
PLAN = msgspec.structs.replace(
    planned(audio=False),
    rungs=(*RUNGS, *LATER),
    tracks=TRACKS,
    encoding="archive",
    passes=tuple(reports.Pass(codec=codec, chunk_ms=6_000) for codec in CODECS),
)
START = tuple(event for event in WHOLE if not isinstance(event, reports.AudioEncoded))


def measured(*psnr: float) -> reports.LadderMeasured:
    rungs = zip(LATER, psnr, strict=True)
    return reports.LadderMeasured(
        event_id=natural_id("ladder"),
        video_id=VIDEO,
        encode_id=ENCODE,
        measured=tuple(reports.RungMeasure(rendition=rung.name, kbps=100, psnr=db) for rung, db in rungs),
    )


ALL_COUNT = measured(30, 40, 30, 40)


def passed(codec: str) -> list[Event]:
    """What workers report of a pass: two chunks of a segment each."""
    names = [rung.name for rung in LATER if rung.codec == codec]
    told: list[Event] = []
    for chunk in even_chunks(12_000, 6_000):
        number = chunk.index
        told.append(
            reports.SegmentsEncoded(
                event_id=natural_id(codec, number),
                video_id=VIDEO,
                encode_id=ENCODE,
                chunk=number,
                encoder="libvpx-vp9",
                codec=codec,
                segments=tuple(segment(name, number) for name in names),
            )
        )
        told.append(
            reports.ChunkEncoded(
                event_id=natural_id(codec, "done", number),
                video_id=VIDEO,
                encode_id=ENCODE,
                chunk=number,
                segments=1,
                frames=9,
                encoder="libvpx-vp9",
                elapsed_ms=1,
                codec=codec,
            )
        )
    return told


def later(topology: Topology) -> list[str]:
    """The tasks of slower passes, in order, by what they are to make."""
    return [
        "ladder" if isinstance(task, LadderRequested) else " ".join(rung.name for rung in task.rungs)
        for task in topology.log("encode-tasks-later")
        if isinstance(task, LadderRequested | PassChunkRequested)
    ]


def added(topology: Topology) -> list[tuple[str, ...]]:
    return [event.tracks for event in of(topology, facts.TracksAdded) if isinstance(event, facts.TracksAdded)]


def test_a_video_is_published_before_its_slower_codecs_are_begun() -> None:
    topology = encode(*START[:-1], plan=PLAN)
    assert later(topology) == []
    topology.post(START[-1])
    assert len(of(topology, VideoPublished, "videos")) == 1
    assert later(topology) == ["ladder"]
    [started] = of(topology, facts.EncodeStarted)
    assert isinstance(started, facts.EncodeStarted)
    assert [rung.name for rung in started.rungs] == ["360p", "720p"]
    assert len(started.tracks) == 6


def test_codecs_follow_one_another_and_are_added_when_complete() -> None:
    topology = encode(*START, ALL_COUNT, plan=PLAN)
    assert later(topology) == ["ladder", *["360p-vp9 720p-vp9"] * 2]
    for report in passed("vp9"):
        assert added(topology) == []
        topology.post(report)
    assert added(topology) == [("360p-vp9", "720p-vp9")]
    assert later(topology)[3:] == ["360p-hevc 720p-hevc"] * 2
    for report in passed("hevc"):
        topology.post(report)
    assert added(topology)[1:] == [("360p-vp9", "720p-vp9", "360p-hevc", "720p-hevc")]
    assert len(of(topology, facts.EncodeCompleted)) == 1
    assert len(of(topology, facts.RenditionCompleted)) == 6


def test_a_pass_is_handed_out_a_few_chunks_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encode_tasks, "WINDOW", 1)
    topology = encode(*START, ALL_COUNT, plan=PLAN)
    handed_out = [later(topology)[1:]]
    for report in passed("vp9")[:-1]:
        topology.post(report)
        handed_out.append(later(topology)[1:])
    assert list(map(len, handed_out)) == [1, 1, 2, 2]


def test_a_rung_that_brings_nothing_is_left_out_and_the_saving_told() -> None:
    topology = encode(*START, measured(46, 50, 40, 40.3), plan=PLAN)
    [trimmed] = of(topology, facts.LadderTrimmed)
    assert isinstance(trimmed, facts.LadderTrimmed)
    assert (trimmed.dropped, trimmed.kbps, trimmed.saved_kbps) == (("720p-vp9", "720p-hevc"), 400, 200)
    assert later(topology)[1:] == ["360p-vp9"] * 2
    for report in passed("vp9"):
        topology.post(report)
    assert added(topology) == [("360p-vp9",)]


def test_a_ladder_that_can_not_be_measured_is_left_as_it_is() -> None:
    topology = encode(*START, failed("ladder", ATTEMPTS), plan=PLAN)
    assert later(topology)[1:] == ["360p-vp9 720p-vp9"] * 2


def test_a_ladder_measured_after_it_was_given_up_changes_nothing() -> None:
    topology = encode(*START, failed("ladder", ATTEMPTS), measured(46, 50, 40, 40.3), plan=PLAN)
    assert of(topology, facts.LadderTrimmed) == []
    for report in passed("vp9"):
        topology.post(report)
    assert added(topology) == [("360p-vp9", "720p-vp9")]


def test_a_codec_that_can_not_be_made_holds_up_no_other() -> None:
    topology = encode(*START, ALL_COUNT, failed("vp9-chunk-1", permanent=True, code="damaged"), plan=PLAN)
    assert [e.rendition for e in of(topology, facts.RenditionFailed) if isinstance(e, facts.RenditionFailed)] == [
        "360p-vp9",
        "720p-vp9",
    ]
    assert later(topology)[3:] == ["360p-hevc 720p-hevc"] * 2
    assert of(topology, VideoFailed, "videos") == []
    for report in [*passed("vp9"), *passed("hevc")]:
        topology.post(report)
    assert added(topology) == [("360p-hevc", "720p-hevc")]


def test_a_rung_that_is_too_much_costs_its_codec_that_rung() -> None:
    topology = encode(*START, ALL_COUNT, failed("vp9-chunk-0", permanent=True, code="too_demanding"), plan=PLAN)
    assert later(topology)[3:] == ["360p-vp9"]
    for report in passed("vp9"):
        topology.post(report)
    assert added(topology) == [("360p-vp9",)]


def test_a_video_that_is_deleted_gets_no_more_codecs() -> None:
    cancel = reports.CancelRequested(event_id=natural_id("x"), video_id=VIDEO)
    topology = encode(*START, ALL_COUNT, cancel, *passed("vp9"), plan=PLAN)
    assert added(topology) == []
    assert later(topology)[3:] == []


def test_a_later_pass_of_a_video_whose_opening_is_forgotten_does_not_make_it_playable_again() -> None:
    topology = Topology([publish_video], clock=0)
    first = facts.SegmentStored(
        event_id=natural_id("stored"),
        video_id=VIDEO,
        encode_id=ENCODE,
        **msgspec.structs.asdict(segment("360p-vp9", 0)),
    )
    topology.post(first)
    assert topology.log("videos") == []


def test_a_state_of_before_segments_were_counted_goes_on() -> None:
    """`added` was there first: an encode in the middle of its passes goes on after an upgrade."""
    before = Encode(plan=PLAN, status="running", stage=3, added=("360p-vp9", "720p-vp9"))
    done = next_stage(before.with_segments([segment("360p-hevc", 0)]).with_complete(["360p-hevc"]), PLAN)
    [told] = done.emit
    assert isinstance(told, facts.TracksAdded)
    assert (len(told.tracks), told.counts) == (4, {"360p-hevc": 1})
