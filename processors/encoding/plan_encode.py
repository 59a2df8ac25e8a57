"""Plan how a video is encoded under its policy: its rungs, its chunks, its audio; and again when that is asked for.

In:      videos          (VideoProbed, SourceConfirmed; VideoPublished, VideoFailed, VideoDeleted; ReencodeRequested,
                          by video)
Out:     encode-reports  (EncodePlanned, SourceWhole, by video)
         videos          (ReencodeRefused)
State:   what was probed, which encode is published, its policy; dropped when the video is deleted
Replay:  safe: a plan follows from what was probed and what was asked for
"""

from __future__ import annotations

import msgspec

from processors.encoding.encode_orders import BUSY
from processors.media import model
from processors.media.encoder_version import ENCODER_VERSION
from processors.media.model import Probe
from processors.media.plan import plan
from processors.media.policies import POLICIES, USUAL, PolicyName, policy_named
from schemas.encode_reports import Chunk, EncodePlanned, Pass, Rung, SourceWhole, SubtitleStream, Track, VideoStream
from schemas.videos import (
    ReencodeRefused,
    ReencodeRequested,
    SourceConfirmed,
    VideoDeleted,
    VideoFailed,
    VideoProbed,
    VideoPublished,
)
from streams.event import natural_id
from streams.processor import State, Step, fold
from streams.reshape import reshape

NO_PICTURES = model.VideoStream(
    index=-1, codec="none", width=0, height=0, display_width=0, display_height=0, frame_rate=0, pixel_format="none"
)  # of sound alone: an event must name a stream, and no task of such a plan does
UNKNOWN = "Nothing is known of its source. If it was probed before this version, run `playlog rebuild plan_encode`."
NOT_WHOLE = "Its upload is not complete. Ask again when it is; one that was given up has to be started again."


Heard = VideoProbed | SourceConfirmed | VideoPublished | VideoFailed | VideoDeleted | ReencodeRequested


class Source(State, frozen=True):
    """What a video is made of: the probe's findings, the encode that is `published` or whether it `failed`, and the
    policy that this followed."""

    probed: VideoProbed | None = None
    published: str | None = None
    failed: bool = False
    encoding: str = ""

    def to(self, **changes: object) -> Source:
        return msgspec.structs.replace(self, **changes)


@fold(
    reads=[VideoProbed, SourceConfirmed, VideoPublished, VideoFailed, VideoDeleted, ReencodeRequested],
    emits=[EncodePlanned, SourceWhole, ReencodeRefused],
    once=True,
)
def plan_encode(source: Source, event: Heard) -> Step[Source]:
    """The media room decides; here its values become an event. A policy that is no more is the usual one."""
    match event:
        case VideoProbed():
            known = source.to(probed=event, encoding=event.encoding, failed=False)
            return Step(known, [planned(event, policy_named(event.encoding) or USUAL, event.event_id)])
        case SourceConfirmed():
            known = source.to(probed=_whole(source.probed, event)) if source.probed else None  # deleted meanwhile
            return Step(known, [reshape(event, SourceWhole)])
        case VideoPublished():
            return Step(source.to(published=event.encode_id, encoding=event.encoding or source.encoding))
        case VideoFailed():
            return Step(source.to(failed=True))
        case VideoDeleted():
            return Step(None)
        case ReencodeRequested():
            return again(source, event)


def _whole(probed: VideoProbed, confirmed: SourceConfirmed) -> VideoProbed:
    """What was probed while it arrived, as the object that it has become."""
    return msgspec.structs.replace(probed, etag=confirmed.etag, arriving=False)


def again(source: Source, asked: ReencodeRequested) -> Step[Source]:
    """A plan to take the published encode's place. Captions and pictures are kept, for owners have chosen theirs."""
    if source.probed is None:
        return Step(source, [ReencodeRefused(video_id=asked.video_id, code="unknown_source", reason=UNKNOWN)])
    if source.probed.arriving:
        return Step(source, [ReencodeRefused(video_id=asked.video_id, code="unknown_source", reason=NOT_WHOLE)])
    if source.published is None and not source.failed:
        return Step(source, [ReencodeRefused(video_id=asked.video_id, code="busy", reason=BUSY)])
    wanted = asked.encoding or source.encoding
    policy = policy_named(wanted) or (None if asked.encoding else USUAL)
    if policy is None:
        reason = f"There is no policy {wanted}, but {', '.join(POLICIES)}. Ask for one of these."
        return Step(source, [ReencodeRefused(video_id=asked.video_id, code="unknown_policy", reason=reason)])
    fresh = planned(source.probed, policy, asked.event_id)
    if source.published is None:
        return Step(source.to(failed=False), [fresh])
    return Step(source, [msgspec.structs.replace(fresh, replaces=source.published, texts=())])


def planned(probed: VideoProbed, policy: PolicyName, because: str) -> EncodePlanned:
    """The plan under a policy, as an event; `because`: the id of the event that asks for it."""
    made = plan(msgspec.convert(msgspec.to_builtins(probed), Probe), policy)
    return EncodePlanned(
        video_id=probed.video_id,
        encode_id=natural_id(because, "encode"),
        store_key=probed.store_key,
        size=probed.size_bytes,
        etag=probed.etag,
        arriving=probed.arriving,
        duration_ms=made.duration_ms,
        video=msgspec.convert(msgspec.to_builtins(probed.video or NO_PICTURES), VideoStream),
        rungs=msgspec.convert(msgspec.to_builtins(made.rungs), tuple[Rung, ...]),
        chunks=msgspec.convert(msgspec.to_builtins(made.chunks), tuple[Chunk, ...]),
        texts=msgspec.convert(msgspec.to_builtins(made.texts), tuple[SubtitleStream, ...]),
        tracks=msgspec.convert(msgspec.to_builtins(made.tracks), tuple[Track, ...]),
        audio_stream=made.audio_stream,
        encoding=policy,
        passes=msgspec.convert(msgspec.to_builtins(made.passes), tuple[Pass, ...]),
        encoder_version=ENCODER_VERSION,
        gpu=made.gpu,
    )
