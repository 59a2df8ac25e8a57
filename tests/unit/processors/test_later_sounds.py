"""Other sounds and texts come once the video plays; sound alone is a video, too."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from processors.encoding.direct_encode import direct_encode
from processors.encoding.publish_video import publish_video
from processors.retries import ATTEMPTS
from schemas import encode_reports as reports
from schemas import encodes as facts
from schemas.encode_tasks import AudioRequested
from schemas.encode_tasks_later import SoundRequested, TextsRequested
from schemas.videos import CaptionAdded, VideoFailed, VideoPlayable, VideoPublished
from streams.event import Event, natural_id
from streams.harness import Topology
from tests.unit.processors.test_direct_encode import (
    ENCODE,
    RUNGS,
    VIDEO,
    WHOLE,
    audio,
    failed,
    pictures,
    planned,
    segment,
)

SOUNDS = (
    reports.Track(name="audio", kind="audio", codec="aac", channels=2, default=True, stream=1),
    reports.Track(name="audio-opus", kind="audio", codec="opus", channels=2, default=True, later=True, stream=1),
    reports.Track(name="audio-1", kind="audio", codec="aac", channels=2, language="fr", later=True, stream=2),
)
PICTURES = tuple(reports.Track(name=rung.name, kind="video", codec="h264", height=rung.height) for rung in RUNGS)
TEXT = reports.SubtitleStream(index=3, codec="subrip", language="ger")

E = TypeVar("E", bound=Event)


def of(topology: Topology, kind: type[E], topic: str) -> list[E]:
    return [event for event in topology.log(topic) if isinstance(event, kind)]


def plan() -> reports.EncodePlanned:
    return msgspec.structs.replace(planned(), tracks=(*PICTURES, *SOUNDS), texts=(TEXT,))


def sound(name: str) -> reports.AudioEncoded:
    event_id, parts = natural_id(name), (segment("audio", 0),)
    return msgspec.structs.replace(audio(0), event_id=event_id, track=name, segments=parts, total=1)


def texts() -> reports.TextsExtracted:
    made = reports.Text(language="de", key="text-de/a.vtt", bytes=9, cues=1)
    return reports.TextsExtracted(event_id=natural_id("texts"), video_id=VIDEO, encode_id=ENCODE, texts=(made,))


def run(*events: Event) -> Topology:
    topology = Topology([direct_encode, publish_video], clock=0)
    for event in events:
        topology.post(event)
    return topology


def test_the_other_sounds_are_asked_for_once_the_video_is_published() -> None:
    begun = run(plan())
    assert not of(begun, SoundRequested, "encode-tasks-later")
    whole = run(plan(), *WHOLE, pictures())

    assert len(of(whole, VideoPublished, "videos")) == 1
    assert [task.track.name for task in of(whole, SoundRequested, "encode-tasks-later")] == ["audio-opus", "audio-1"]
    assert [task.audio_stream for task in of(whole, SoundRequested, "encode-tasks-later")] == [1, 2]
    assert [[text.index for text in task.texts] for task in of(whole, TextsRequested, "encode-tasks-later")] == [[3]]


def test_they_are_listed_together_and_texts_become_captions() -> None:
    topology = run(plan(), *WHOLE, pictures(), sound("audio-1"), texts(), sound("audio-opus"))

    [added] = of(topology, facts.TracksAdded, "encodes")
    assert added.tracks == ("audio-opus", "audio-1")
    [caption] = of(topology, CaptionAdded, "videos")
    assert (caption.language, caption.origin, caption.key) == ("de", "embedded", "text-de/a.vtt")
    completed = [event.rendition for event in of(topology, facts.RenditionCompleted, "encodes")]
    assert completed[-2:] == ["audio-1", "audio-opus"]


def test_a_sound_or_text_that_fails_is_left_out() -> None:
    hopeless = (failed("audio-1", ATTEMPTS), failed("texts", ATTEMPTS))
    topology = run(plan(), *WHOLE, pictures(), *hopeless, sound("audio-opus"))

    assert [added.tracks for added in of(topology, facts.TracksAdded, "encodes")] == [("audio-opus",)]
    assert [event.rendition for event in of(topology, facts.RenditionFailed, "encodes")] == ["audio-1"]
    assert not of(topology, VideoFailed, "videos")


def test_sound_alone_plays_and_lasts_as_long_as_it_does() -> None:
    alone = msgspec.structs.replace(planned(), rungs=(), chunks=(), tracks=SOUNDS[:1])
    topology = run(alone, audio(0, 1, total=2))

    assert len(of(topology, AudioRequested, "encode-tasks")) == len(topology.log("encode-tasks")) == 1
    assert len(of(topology, VideoPlayable, "videos")) == 1
    [published] = of(topology, VideoPublished, "videos")
    assert (published.duration_ms, published.renditions) == (4000, ("audio",))
