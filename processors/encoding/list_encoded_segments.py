"""List the stored segments of a video's encodes: what its manifests are made of.

In:      encodes           (SegmentStored, SegmentsDiscarded, by video)
Into:    encoded_segments  (a row a segment)
Replay:  safe: rows are identical when written again, and cleared in the order of the topic
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from processors.encoding.tables import SEGMENTS
from schemas.encodes import SegmentsDiscarded, SegmentStored
from streams.processor import view
from streams.tables import Write


@view(reads=[SegmentStored, SegmentsDiscarded], into=SEGMENTS)
def list_encoded_segments(event: SegmentStored | SegmentsDiscarded) -> Iterator[Write]:
    """A segment's measured numbers and the name of its object, for as long as somebody may play it."""
    match event:
        case SegmentStored():
            yield _row(event)
        case SegmentsDiscarded(renditions=()):
            yield SEGMENTS.clear(video_id=event.video_id, encode_id=event.encode_id)
        case SegmentsDiscarded():
            for name in event.renditions:
                yield SEGMENTS.clear(video_id=event.video_id, encode_id=event.encode_id, rendition=name)


def _row(stored: SegmentStored) -> Write:
    return SEGMENTS.put(
        video_id=stored.video_id,
        encode_id=stored.encode_id,
        rendition=stored.rendition,
        number=stored.number,
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
