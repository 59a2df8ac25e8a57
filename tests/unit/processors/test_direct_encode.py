"""An encode is handed out, each report is accepted once, and it ends in one way."""

from __future__ import annotations

from processors.encoding.direct_encode import direct_encode
from processors.encoding.publish_video import publish_video
from processors.retries import ATTEMPTS
from schemas import encode_reports as reports
from schemas import encodes as facts
from schemas.encode_tasks import AudioRequested, ChunkRequested, PicturesRequested
from schemas.videos import VideoPlayable, VideoPublished
from streams.event import Event, minutes, natural_id
from streams.harness import Topology

VIDEO = "0192f0c1-7a00-7c3e-8f2a-5b1f0c9d7e11"
PICTURE = reports.VideoStream(
    index=0,
    codec="h264",
    width=1280,
    height=720,
    display_width=1280,
    display_height=720,
    rotation=0,
    sample_aspect_ratio="1:1",
    frame_rate=24.0,
    variable_frame_rate=False,
    pixel_format="yuv420p",
    bit_depth=8,
    interlaced=False,
    start_ms=0,
)
ENCODE = natural_id("encode")
RUNGS = tuple(
    reports.Rung(name=name, codec="h264", width=w, height=h, crf=23, max_kbps=4000)
    for name, w, h in (("360p", 640, 360), ("720p", 1280, 720))
)
CHUNKS = (
    reports.Chunk(index=0, start_ms=0, end_ms=6000, first_number=0),
    reports.Chunk(index=1, start_ms=6000, end_ms=None, first_number=3),
)


def planned(audio: bool = True) -> reports.EncodePlanned:
    return reports.EncodePlanned(
        event_id=natural_id("plan"),
        video_id=VIDEO,
        encode_id=ENCODE,
        store_key="sources/v",
        size=9,
        etag="e",
        duration_ms=12_000,
        video=PICTURE,
        rungs=RUNGS,
        chunks=CHUNKS,
        audio_stream=1 if audio else None,
    )


def segment(rendition: str, number: int) -> reports.Segment:
    height = 0 if rendition == "audio" else 360
    return reports.Segment(
        rendition=rendition,
        number=number,
        key=f"{rendition}/{number}",
        init_key=f"{rendition}/init",
        codecs="avc1",
        bytes=1,
        start=number * 2,
        duration=2,
        timescale=1,
        height=height,
    )


def encoded(chunk: int, number: int) -> reports.SegmentsEncoded:
    return reports.SegmentsEncoded(
        event_id=natural_id(chunk, number),
        video_id=VIDEO,
        encode_id=ENCODE,
        chunk=chunk,
        encoder="libx264",
        segments=tuple(segment(rung.name, number) for rung in RUNGS),
    )


def chunk_done(chunk: int, segments: int, concealed: int = 0) -> reports.ChunkEncoded:
    return reports.ChunkEncoded(
        event_id=natural_id("chunk", chunk),
        video_id=VIDEO,
        encode_id=ENCODE,
        chunk=chunk,
        segments=segments,
        frames=9,
        encoder="libx264",
        elapsed_ms=1,
        concealed=concealed,
    )


def audio(*numbers: int, total: int | None = 1) -> reports.AudioEncoded:
    return reports.AudioEncoded(
        event_id=natural_id("audio", *numbers),
        video_id=VIDEO,
        encode_id=ENCODE,
        segments=tuple(segment("audio", n) for n in numbers),
        total=total,
    )


def pictures() -> reports.PicturesMade:
    return reports.PicturesMade(
        event_id=natural_id("pictures"), video_id=VIDEO, encode_id=ENCODE, poster_key="p", width=1, height=1, at_ms=0
    )


def failed(
    part: str, attempt: int = 1, permanent: bool = False, code: str = "crashed", rung: str | None = None
) -> reports.TaskFailed:
    return reports.TaskFailed(
        event_id=natural_id("failed", part, attempt),
        video_id=VIDEO,
        encode_id=ENCODE,
        task_id=natural_id(part),
        part=part,
        code=code,
        error="the decoder died",
        attempt=attempt,
        permanent=permanent,
        rung=rung,
    )


WHOLE = (
    encoded(0, 0),
    encoded(0, 1),
    encoded(0, 2),
    chunk_done(0, 3),
    audio(0),
    encoded(1, 3),
    chunk_done(1, 1),
    pictures(),
)


def encode(*events: Event, plan: reports.EncodePlanned | None = None) -> Topology:
    topology = Topology([direct_encode, publish_video], clock=0)
    for event in (plan or planned(), *events):
        topology.post(event)
    return topology


def of(topology: Topology, kind: type[Event], topic: str = "encodes") -> list[Event]:
    return [event for event in topology.log(topic) if isinstance(event, kind)]


def test_a_plan_becomes_tasks_the_first_chunk_first_and_the_audio_with_it() -> None:
    tasks = encode().log("encode-tasks")
    assert [type(task) for task in tasks] == [ChunkRequested, AudioRequested, ChunkRequested, PicturesRequested]


def test_a_whole_encode_is_completed_once_with_its_measured_length() -> None:
    topology = encode(*WHOLE)
    [done] = of(topology, facts.EncodeCompleted)
    assert isinstance(done, facts.EncodeCompleted)
    assert (done.renditions, done.duration_ms) == (("720p", "360p", "audio"), 8000)
    assert len(of(topology, facts.SegmentStored)) == 4 * 2 + 1
    assert len(of(topology, facts.RenditionCompleted)) == 3


def test_damage_is_counted_once_and_told_when_the_video_is_published() -> None:
    events = [event for event in WHOLE if not isinstance(event, reports.ChunkEncoded)]
    topology = encode(
        *events, chunk_done(0, 3, concealed=2), chunk_done(0, 3, concealed=2), chunk_done(1, 1, concealed=1)
    )
    [done] = of(topology, facts.EncodeCompleted)
    [published] = of(topology, VideoPublished, "videos")
    assert isinstance(done, facts.EncodeCompleted)
    assert isinstance(published, VideoPublished)
    assert (done.concealed, published.concealed) == (3, 3)


def test_reports_that_come_twice_change_nothing() -> None:
    once, twice = encode(*WHOLE), encode(*(event for event in WHOLE for _ in range(2)))
    assert once.log("encodes") == twice.log("encodes")


def test_a_video_is_playable_when_every_rendition_has_its_first_segment() -> None:
    topology = encode(encoded(0, 0))
    assert of(topology, VideoPlayable, "videos") == []
    topology.post(audio(0, total=None))
    assert len(of(topology, VideoPlayable, "videos")) == 1


def test_a_silent_video_needs_no_audio() -> None:
    topology = encode(*(e for e in WHOLE if not isinstance(e, reports.AudioEncoded)), plan=planned(audio=False))
    assert len(of(topology, VideoPlayable, "videos")) == 1
    assert len(of(topology, VideoPublished, "videos")) == 1


def test_a_failed_chunk_is_asked_again_after_a_pause_under_the_same_id() -> None:
    topology = encode(failed("chunk-0"))
    assert len(topology.log("encode-tasks")) == 4
    topology.advance(minutes(1))
    again = topology.log("encode-tasks")[4]
    assert isinstance(again, ChunkRequested)
    assert again.attempt == 2
    assert again.partition_key == topology.log("encode-tasks")[0].partition_key


def test_two_failed_parts_are_both_asked_again() -> None:
    topology = encode(failed("chunk-0"), failed("audio"))
    topology.advance(minutes(1))
    assert [type(task) for task in topology.log("encode-tasks")[4:]] == [ChunkRequested, AudioRequested]


def test_a_video_may_lack_a_poster() -> None:
    topology = encode(failed("pictures", ATTEMPTS), *WHOLE[:-1])
    assert len(of(topology, facts.EncodeCompleted)) == 1


def test_a_cancelled_encode_accepts_nothing_more() -> None:
    topology = encode(encoded(0, 0), reports.CancelRequested(event_id=natural_id("x"), video_id=VIDEO), *WHOLE[1:])
    assert of(topology, facts.EncodeCompleted) == []
    assert len(of(topology, facts.EncodeCancelled)) == 1
    assert len(of(topology, facts.SegmentStored)) == 2


def test_a_part_is_done_when_all_its_reports_are_there_in_whatever_order() -> None:
    reordered = (encoded(0, 0), chunk_done(0, 3), encoded(0, 1), chunk_done(1, 1), pictures(), audio(total=1))
    topology = encode(*reordered)
    assert of(topology, facts.EncodeCompleted) == []
    for report in (audio(0, total=None), encoded(1, 3), encoded(0, 2)):
        topology.post(report)
    assert len(of(topology, facts.EncodeCompleted)) == 1
    assert len(of(topology, facts.SegmentStored)) == 4 * 2 + 1


def test_a_cancel_before_the_plan_keeps_the_encode_from_starting() -> None:
    topology = Topology([direct_encode, publish_video], clock=0)
    topology.post(reports.CancelRequested(event_id=natural_id("x"), video_id=VIDEO))
    topology.post(planned())
    assert topology.log("encode-tasks") == []
    assert topology.log("encodes") == []


def test_a_part_that_is_done_stays_done() -> None:
    topology = encode(encoded(0, 0), encoded(0, 1), encoded(0, 2), chunk_done(0, 3), failed("chunk-0", permanent=True))
    topology.advance(minutes(1))
    assert of(topology, facts.EncodeFailed) == []
    assert len(topology.log("encode-tasks")) == 4
