"""The story of a video as lines."""

from __future__ import annotations

import pytest

from gateway.why import begun, explained
from schemas import encodes as facts
from streams.event import Event
from streams.positions import Position
from streams.record import Record
from streams.tail import Recorded
from tests.unit.gateway.test_waiting import ASKED, COMPLETED, STARTED, V, part

RAW = Record(0, 0, 0, None, b"")


def recorded(event: Event, offset: int, clock: int, cause: str = "gateway", causation: str = "") -> Recorded:
    headers = {"event-id": f"{offset}", "cause": cause, "causation-id": causation}
    return Recorded(event, Position(event.topic, 0, offset), 1_800_000_000_000 + clock, V, headers, RAW)


def test_each_event_has_a_line_with_its_time_place_and_cause() -> None:
    story = explained([recorded(STARTED, 0, 0), recorded(ASKED, 1, 1500),
                       recorded(COMPLETED, 2, 1750, "settle_upload/uploads/0/0/1/0", "1")])  # fmt: skip
    assert story[0].startswith("2027-01-15 08:00:00.000  +0.000 s  UploadStarted  [uploads/0/0]  by gateway")
    assert "filename f" in story[1]
    assert "UploadCompleted  [uploads/0/2]  by settle_upload because of CompletionRequested [uploads/0/1]" in story[3]
    assert "+1.750 s" in story[3]
    assert story[-1].startswith("waiting for order_probe")


def test_a_run_of_parts_is_one_line() -> None:
    story = explained([recorded(STARTED, 0, 0), *(recorded(part(n), n, n * 1000) for n in (1, 2, 3))])
    assert sum("PartStored" in line for line in story) == 1
    assert any("PartStored × 3" in line and "… +3.000 s" in line for line in story)


def test_segments_of_many_renditions_are_a_line_a_kind() -> None:
    stored = [facts.SegmentStored(
        video_id=V, encode_id="e", rendition=name, number=n, key="k", init_key="i", codecs="c", bytes=1, start=0,
        duration=1, timescale=1,
    ) for n in range(5) for name in ("360p", "audio")]  # fmt: skip
    mixed = [event for pair in zip(stored, (part(n) for n in range(10)), strict=True) for event in pair]
    story = explained([recorded(event, n, n) for n, event in enumerate(mixed)])
    assert [line.split("  ")[2] for line in story if "  by " in line] == ["SegmentStored × 10", "PartStored × 10"]


def test_within_a_millisecond_a_cause_comes_first() -> None:
    later_offset_first = [recorded(COMPLETED, 7, 5, causation="9"), recorded(ASKED, 9, 5)]
    story = explained(later_offset_first)
    assert [line.split("  ")[2] for line in story if "  by " in line] == ["CompletionRequested", "UploadCompleted"]


def test_an_undecodable_event_is_told_too() -> None:
    bad = Recorded(None, Position("uploads", 0, 0), 0, V, {}, RAW, "schema id 9 is not known")
    assert "schema id 9 is not known" in "\n".join(explained([bad]))


def test_reading_begins_when_the_video_was_made() -> None:
    assert begun(V) == 0x0192F0C17A00 - 3_600_000
    with pytest.raises(LookupError, match="no video id"):
        begun("../x")
