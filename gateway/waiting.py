"""What a video is waiting for, from the events of its history. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from schemas.encode_reports import AudioEncoded, ChunkEncoded, EncodePlanned, PicturesMade, TaskFailed
from schemas.encodes import EncodeCancelled, EncodeCompleted, EncodeFailed, EncodeStarted
from schemas.probe_reports import ProbeFailed, ProbeOrdered, SourceProbed, SourceUnplayable
from schemas.uploads import (
    AssemblyFailed,
    CompletionRefused,
    CompletionRequested,
    PartStored,
    SourceStored,
    UploadAborted,
    UploadCompleted,
    UploadExpired,
    UploadStarted,
)
from schemas.videos import (
    ReencodeRefused,
    ReencodeRequested,
    SourceArchived,
    SourceRestored,
    VideoDeleted,
    VideoFailed,
    VideoProbed,
    VideoPublished,
    VideoRejected,
)
from streams.event import Event

E = TypeVar("E", bound=Event)


def waiting_for(events: Sequence[Event]) -> str:
    """One sentence: who has to act next, or that nothing more will happen. `events` in the log's order."""
    return ended(events) or encode_waits(events) or probe_waits(events) or upload_waits(events)


def ended(events: Sequence[Event]) -> str:
    """Empty while something may still happen."""
    if last(events, VideoDeleted):
        return "nothing: the video was deleted"
    if last(events, VideoPublished):
        return f"nothing: the video is published{beside(events)}"
    if refused := last(events, VideoRejected) or last(events, VideoFailed):
        return f"nothing: {refused.reason} ({refused.code})"
    if last(events, UploadAborted):
        return "nothing: the upload was given up"
    if last(events, UploadExpired):
        return "nothing: the upload was not finished in time; it has to be started again"
    return ""


def beside(events: Sequence[Event]) -> str:
    """What is known of an encode that is to take the published one's place."""
    if place(events, EncodeStarted) > max(place(events, VideoPublished), place(events, EncodeFailed)):
        return "; an encode is under way that will take the place of what is played"
    refusal, failure = last(events, ReencodeRefused), last(events, EncodeFailed)
    if refusal and place(events, ReencodeRefused) > place(events, ReencodeRequested):
        return f"; it is not encoded once more: {refusal.reason}"
    if failure and place(events, EncodeFailed) > place(events, VideoPublished):
        return f"; it stays as it is, for its last encode failed: {failure.reason}"
    return ""


def encode_waits(events: Sequence[Event]) -> str:
    """Empty before an encode is planned. One of a source that is still arriving waits for its client."""
    plan = last(events, EncodePlanned)
    if plan is None:
        return "plan_encode, which turns the probe's findings into a plan" if last(events, VideoProbed) else ""
    if not last(events, EncodeStarted):
        return "direct_encode, which hands out the plan's tasks"
    if last(events, EncodeCompleted) or last(events, EncodeFailed) or last(events, EncodeCancelled):
        return "publish_video, which tells the library how the encode ended"
    if plan.arriving and not last(events, UploadCompleted):
        return upload_waits(events)
    if place(events, SourceArchived) > place(events, SourceRestored):
        return "the store, which brings the source back from its archive: that takes minutes to two days"
    return f"encoding workers: {', '.join(open_parts(events, plan)) or 'nothing is open'}{trouble(events, TaskFailed)}"


def open_parts(events: Sequence[Event], plan: EncodePlanned) -> list[str]:
    """What no worker has finished yet: chunks by number, the sound, the pictures."""
    done = {event.chunk for event in events if isinstance(event, ChunkEncoded)}
    chunks = [chunk.index for chunk in plan.chunks if chunk.index not in done]
    parts = [f"{len(chunks)} of {len(plan.chunks)} chunks ({_spans(chunks)})"] if chunks else []
    if plan.audio_stream is not None and not any(isinstance(e, AudioEncoded) and e.total is not None for e in events):
        parts.append("the sound")
    return parts if last(events, PicturesMade) else [*parts, "the poster"]


def probe_waits(events: Sequence[Event]) -> str:
    """Empty before the source is complete."""
    if last(events, SourceProbed) or last(events, SourceUnplayable):
        return "settle_probe, which turns the worker's finding into a verdict"
    if last(events, ProbeOrdered):
        return f"a probing worker, which looks into the source{trouble(events, ProbeFailed)}"
    return "order_probe, which has the source looked into" if last(events, UploadCompleted) else ""


def upload_waits(events: Sequence[Event]) -> str:
    started = last(events, UploadStarted)
    if started is None:
        return "nothing is known of this video: check its id"
    if last(events, SourceStored):
        return "settle_upload, which accepts the stored source"
    asked, refused = place(events, CompletionRequested), place(events, CompletionRefused)
    if asked > refused:
        return f"an upload worker, which puts the parts together and verifies them{trouble(events, AssemblyFailed)}"
    parts = {event.number for event in events if isinstance(event, PartStored)}
    told = f"the client: {len(parts)} of {started.part_count} parts are reported"
    refusal = last(events, CompletionRefused)
    return f"{told}; its completion was refused: {refusal.reason}" if refusal else f"{told}, then it must complete"


def trouble(events: Sequence[Event], kind: type[TaskFailed] | type[ProbeFailed] | type[AssemblyFailed]) -> str:
    """What went wrong last, for a task that is tried again."""
    failed = last(events, kind)
    return f"; attempt {failed.attempt} failed: {failed.error}" if failed else ""


def last(events: Sequence[Event], kind: type[E]) -> E | None:
    return next((event for event in reversed(events) if isinstance(event, kind)), None)


def place(events: Sequence[Event], kind: type[Event]) -> int:
    return max((index for index, event in enumerate(events) if isinstance(event, kind)), default=-1)


def _spans(numbers: Sequence[int]) -> str:
    """0, 1, 2, 5 as 0–2, 5."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(f"{a}–{b}" if b > a else f"{a}" for a, b in spans)
