"""A source is probed, again if it must be, and one answer is accepted."""

from __future__ import annotations

import msgspec

from deploy import ROOT
from processors.encoding.plan_encode import plan_encode
from processors.probing.settle_probe import settle_probe
from processors.retries import ATTEMPTS
from schemas.probe_reports import ProbeFailed, ProbeOrdered, SourceProbed, SourceUnplayable
from schemas.videos import VideoFailed, VideoProbed, VideoRejected
from streams.catalogue import Catalogue
from streams.event import Event, minutes, natural_id
from streams.harness import Topology

EXAMPLE = msgspec.convert(Catalogue.load(ROOT).examples["SourceProbed"], SourceProbed)
VIDEO = EXAMPLE.video_id
ORDER = ProbeOrdered(
    event_id=natural_id("o"), video_id=VIDEO, owner="a", store_key="sources/v", size=9, etag="e", filename="a.mp4"
)
REFUSED = SourceUnplayable(event_id=natural_id("u"), video_id=VIDEO, code="no-video", reason="No picture track.")


def probe(*events: Event) -> Topology:
    topology = Topology([settle_probe, plan_encode], clock=0)
    for event in (ORDER, *events):
        topology.post(event)
    return topology


def kinds(topology: Topology, topic: str) -> list[str]:
    return [type(event).__name__ for event in topology.log(topic)]


def test_a_probed_source_is_planned() -> None:
    topology = probe(EXAMPLE)
    [probed] = topology.log("videos")
    assert isinstance(probed, VideoProbed)
    assert (probed.store_key, probed.duration_ms) == ("sources/v", EXAMPLE.duration_ms)
    assert kinds(topology, "encode-reports") == ["EncodePlanned"]


def test_the_first_answer_wins() -> None:
    assert kinds(probe(REFUSED, EXAMPLE), "videos") == [VideoRejected.__name__]
    assert kinds(probe(EXAMPLE, REFUSED), "videos") == [VideoProbed.__name__]


def test_a_probe_without_a_verdict_is_tried_again_and_then_given_up() -> None:
    topology = probe()
    for attempt in range(1, ATTEMPTS + 1):
        topology.post(ProbeFailed(event_id=natural_id("f", attempt), video_id=VIDEO, error="died", attempt=attempt))
        topology.advance(minutes(1))
    assert len(topology.log("probe-tasks")) == ATTEMPTS
    assert kinds(topology, "videos") == [VideoFailed.__name__]
