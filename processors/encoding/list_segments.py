"""List the stored segments of a video: what its manifests are made of.

In:      encodes   (SegmentStored, by video)
Into:    segments  (a row a segment)
Replay:  safe: rows are identical when written again
"""

from __future__ import annotations

import msgspec

from processors.encoding.tables import SEGMENTS
from schemas.encodes import SegmentStored
from streams.processor import view
from streams.tables import Write


@view(reads=SegmentStored, into=SEGMENTS)
def list_segments(stored: SegmentStored) -> Write:
    """A segment's measured numbers and the name of its object."""
    return SEGMENTS.put(
        video_id=stored.video_id,
        rendition=stored.rendition,
        number=stored.number,
        encode_id=stored.encode_id,
        object_key=stored.key,
        init_key=stored.init_key,
        codecs=stored.codecs,
        bytes=stored.bytes,
        start=stored.start,
        duration=stored.duration,
        timescale=stored.timescale,
        width=stored.width,
        height=stored.height,
        frame_rate=stored.frame_rate,
        keyframes=msgspec.json.encode(stored.keyframes).decode(),
    )
