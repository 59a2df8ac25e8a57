"""Plan how a probed video is encoded: its rungs, its chunks, its audio.

In:      videos          (VideoProbed, by video)
Out:     encode-reports  (EncodePlanned, by video)
State:   none
Replay:  safe: a plan follows from what was probed
"""

from __future__ import annotations

import msgspec

from processors.media.model import Probe
from processors.media.plan import plan
from schemas.encode_reports import Chunk, EncodePlanned, Rung, Track, VideoStream
from schemas.videos import VideoProbed
from streams.event import natural_id
from streams.processor import fold


@fold(reads=VideoProbed, emits=EncodePlanned)
def plan_encode(probed: VideoProbed) -> list[EncodePlanned]:
    """The media room decides; here its values become an event."""
    planned = plan(msgspec.convert(msgspec.to_builtins(probed), Probe))
    return [
        EncodePlanned(
            video_id=probed.video_id,
            encode_id=natural_id(probed.event_id, "encode"),
            store_key=probed.store_key,
            size=probed.size_bytes,
            etag=probed.etag,
            duration_ms=planned.duration_ms,
            video=msgspec.convert(msgspec.to_builtins(probed.video), VideoStream),
            rungs=msgspec.convert(msgspec.to_builtins(planned.rungs), tuple[Rung, ...]),
            chunks=msgspec.convert(msgspec.to_builtins(planned.chunks), tuple[Chunk, ...]),
            tracks=msgspec.convert(msgspec.to_builtins(planned.tracks), tuple[Track, ...]),
            audio_stream=planned.audio_stream,
        )
    ]
