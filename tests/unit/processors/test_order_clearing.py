"""Segments that nobody plays any more are ordered away, by their age."""

from __future__ import annotations

from processors.encoding.discard_segments import GRACE, discard_segments
from processors.storage.order_clearing import MARGIN, order_clearing
from schemas.encodes import EncodeFailed, EncodeReplaced, EncodeStarted, RenditionDropped
from schemas.storage_tasks import ClearRequested
from streams.event import Event, days, natural_id
from streams.harness import Topology

VIDEO = "0192f0c1-7a00-7c3e-8f2a-5b1f0c9d7e11"
OLD, NEW = natural_id("old"), natural_id("new")
DAY = days(1)


def started(encode_id: str, replaces: str | None = None) -> EncodeStarted:
    return EncodeStarted(
        video_id=VIDEO, encode_id=encode_id, rungs=(), chunks=1, audio=True, duration_ms=1, segments_planned=1,
        replaces=replaces,
    )  # fmt: skip


REPLACED = EncodeReplaced(
    event_id=natural_id("r"), video_id=VIDEO, encode_id=NEW, replaces=OLD, rungs=(), audio=True, tracks=(), counts={},
    renditions=(), duration_ms=1,
)  # fmt: skip


def dropped(rendition: str) -> RenditionDropped:
    return RenditionDropped(
        event_id=natural_id(rendition), video_id=VIDEO, encode_id=OLD, rendition=rendition, dropped=(rendition,)
    )


def told(*events: Event | int) -> Topology:
    topology = Topology([discard_segments, order_clearing], clock=0)
    for event in events:
        if isinstance(event, int):
            topology.advance(event)
        else:
            topology.post(event)
    return topology


def cleared(topology: Topology) -> list[tuple[str, int]]:
    tasks = [task for task in topology.log("storage-tasks") if isinstance(task, ClearRequested)]
    return [(task.rendition, task.before) for task in tasks]


def test_what_was_stored_before_the_encode_that_replaced_it_goes_when_it_is_discarded() -> None:
    topology = told(started(OLD), 3 * DAY, started(NEW, replaces=OLD), DAY, REPLACED, GRACE - 1)
    assert cleared(topology) == []
    topology.advance(1)
    assert cleared(topology) == [("", 3 * DAY - MARGIN)]
    assert topology.state(order_clearing, VIDEO) is None


def test_dropped_renditions_go_each_up_to_when_it_was_dropped() -> None:
    topology = told(started(OLD), 9 * DAY, dropped("1080p"), 1000, dropped("720p-av1"), GRACE)
    assert cleared(topology) == [("1080p", 9 * DAY - MARGIN), ("720p-av1", 9 * DAY + 1000 - MARGIN)]
    assert topology.state(order_clearing, VIDEO) is None


def test_of_an_encode_that_failed_beside_another_nothing_is_cleared_by_age() -> None:
    failed = EncodeFailed(
        event_id=natural_id("f"), video_id=VIDEO, encode_id=NEW, code="worker_failed", reason="no", replaces=OLD
    )
    topology = told(started(OLD), DAY, started(NEW, replaces=OLD), failed, GRACE)
    assert cleared(topology) == []
    assert topology.state(order_clearing, VIDEO) is None
