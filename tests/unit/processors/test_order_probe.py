"""Reports of parts are believed, but cost little where they are of nothing; putting parts together may take long."""

from __future__ import annotations

import msgspec

from processors.probing.order_probe import MOST_RANGES, order_probe
from processors.uploads.assemble_upload import assemble_upload
from schemas.encode_reports import SourceGrown
from schemas.upload_tasks import AssembleRequested
from schemas.uploads import PartStored
from streams.event import hours, minutes, natural_id
from streams.harness import Topology
from streams.tasks import MARGIN
from tests.arriving_upload import PART, STARTED, VIDEO

COUNT = 1000


def reported(number: int) -> PartStored:
    return PartStored(event_id=natural_id("part", number), video_id=VIDEO, number=number, etag="e", size=PART)


def test_reports_full_of_gaps_are_not_repeated_in_ever_longer_events() -> None:
    topology = Topology([order_probe], clock=0)
    topology.post(msgspec.structs.replace(STARTED, part_count=COUNT, size=COUNT * PART))
    for number in range(1, COUNT, 2):
        topology.post(reported(number))
    grown = [event for event in topology.log("encode-reports") if isinstance(event, SourceGrown)]
    assert max(len(event.held_parts) for event in grown) == MOST_RANGES
    assert len(grown) == MOST_RANGES // 2
    for number in range(2, COUNT, 2):
        topology.post(reported(number))
    last = topology.log("encode-reports")[-1]
    assert isinstance(last, SourceGrown)
    assert last.held_parts == (1, COUNT - 1)


def test_terabytes_are_put_together_within_one_lock() -> None:
    limit = assemble_upload.limit(AssembleRequested)
    assert minutes(50) <= limit <= hours(1) - MARGIN
