"""Put what a job made into the store, under names that are its content."""

from __future__ import annotations

import msgspec

from processors.media.made import SegmentGroup
from schemas.encode_reports import Segment
from streams.objects import Blob, Objects

IMMUTABLE = "public, max-age=31536000, immutable"


async def store_group(objects: Objects, group: SegmentGroup) -> tuple[Segment, ...]:
    """Store a group's segments, initialisation segments first; as reportable values once all are confirmed."""
    inits = [Blob(made.segment.init_key, made.init, "video/mp4", IMMUTABLE) for made in group.coded if made.init]
    await objects.put_all(inits)
    await objects.put_all(Blob(made.segment.key, made.data, "video/iso.segment", IMMUTABLE) for made in group.coded)
    return msgspec.convert(msgspec.to_builtins([made.segment for made in group.coded]), tuple[Segment, ...])
