"""What is ordered of an encode: to start, to stop, to drop what nobody plays. Pure."""

from __future__ import annotations

import msgspec

from processors.encoding.arriving_source import gives_way, handed_out, thrown_away, with_parts
from processors.encoding.encode_state import Encode
from processors.encoding.encode_tasks import at_first, rungs_of, tracks_of
from processors.media.boundaries import segment_count
from processors.media.tracks import FIRST_CODEC
from schemas.encode_reports import DropRequested, EncodePlanned
from schemas.encodes import EncodeCancelled, EncodeStarted, RenditionDropped
from schemas.videos import ReencodeRefused
from streams.processor import Step
from streams.reshape import reshape

BUSY = "An encode of the video is under way. Ask again when that has ended."


def start(encode: Encode, plan: EncodePlanned) -> Step[Encode]:
    """Announce the encode and hand out the tasks of its start. While another is under way none starts; after a
    complete one only what takes its place. One of parts that are not the source in the end gives way to that."""
    if encode.status == "running" and plan.replaces is not None:
        return Step(encode, [ReencodeRefused(video_id=plan.video_id, code="busy", reason=BUSY)])
    if encode.status == "running" and not gives_way(encode, plan):
        return Step(encode)
    if encode.status == "cancelled" or (encode.status == "completed" and plan.replaces is None):
        return Step(encode)
    if encode.status == "completed" and encode.plan:
        plan = msgspec.structs.replace(plan, replaces=encode.plan.encode_id)  # the planner may not have heard of it yet
    started = reshape(
        plan,
        EncodeStarted,
        rungs=rungs_of(plan, FIRST_CODEC),
        chunks=len(plan.chunks),
        audio=plan.audio_stream is not None,
        tracks=tracks_of(plan),
        segments_planned=segment_count(plan.duration_ms),
    )
    known = with_parts(plan, encode.arriving) if plan.arriving and encode.arriving else plan
    fresh = Encode(plan=known, status="running", arriving=encode.arriving if plan.arriving else None)
    begun, asked = handed_out(fresh, known, at_first(known))
    return Step(begun, [*thrown_away(encode), started, *asked], wake_at=None)


def stop(encode: Encode) -> Step[Encode]:
    """The video is deleted: what runs is cancelled, and nothing starts any more."""
    stopped = encode.to(status="cancelled")
    if encode.plan is None or encode.status != "running":
        return Step(stopped)
    return Step(stopped, [reshape(encode.plan, EncodeCancelled)], wake_at=None)


def drop(encode: Encode, asked: DropRequested) -> Step[Encode]:
    """Renditions that nobody plays are given up, unless the encode is no longer the one that is played."""
    played = encode.plan.encode_id if encode.plan and encode.status == "completed" else asked.encode_id
    if encode.status in ("running", "cancelled") or played != asked.encode_id:
        return Step(encode)
    names = asked.renditions
    return Step(encode, [reshape(asked, RenditionDropped, rendition=name, dropped=names) for name in names])
