"""Plan how a probed video is encoded: under its policy: its rungs, its chunks, its audio.

In:      videos          (VideoProbed, by video)
Out:     encode-reports  (EncodePlanned, by video)
State:   none
Replay:  safe: a plan follows from what was probed
"""

from __future__ import annotations

import msgspec

from processors.media import model
from processors.media.model import Probe
from processors.media.plan import plan
from processors.media.policies import USUAL, policy_named
from schemas.encode_reports import Chunk, EncodePlanned, Pass, Rung, SubtitleStream, Track, VideoStream
from schemas.videos import VideoProbed
from streams.event import natural_id
from streams.processor import fold

NO_PICTURES = model.VideoStream(
    index=-1, codec="none", width=0, height=0, display_width=0, display_height=0, frame_rate=0, pixel_format="none"
)  # of sound alone: an event must name a stream, and no task of such a plan does


@fold(reads=VideoProbed, emits=EncodePlanned)
def plan_encode(probed: VideoProbed) -> list[EncodePlanned]:
    """The media room decides; here its values become an event. A policy that is no more is the usual one."""
    policy = policy_named(probed.encoding) or USUAL
    planned = plan(msgspec.convert(msgspec.to_builtins(probed), Probe), policy)
    return [
        EncodePlanned(
            video_id=probed.video_id,
            encode_id=natural_id(probed.event_id, "encode"),
            store_key=probed.store_key,
            size=probed.size_bytes,
            etag=probed.etag,
            duration_ms=planned.duration_ms,
            video=msgspec.convert(msgspec.to_builtins(probed.video or NO_PICTURES), VideoStream),
            rungs=msgspec.convert(msgspec.to_builtins(planned.rungs), tuple[Rung, ...]),
            chunks=msgspec.convert(msgspec.to_builtins(planned.chunks), tuple[Chunk, ...]),
            texts=msgspec.convert(msgspec.to_builtins(planned.texts), tuple[SubtitleStream, ...]),
            tracks=msgspec.convert(msgspec.to_builtins(planned.tracks), tuple[Track, ...]),
            audio_stream=planned.audio_stream,
            encoding=policy,
            passes=msgspec.convert(msgspec.to_builtins(planned.passes), tuple[Pass, ...]),
        )
    ]
