"""The tasks of a plan, in the order in which they are worth doing. Pure.

A part of an encode is what one task makes: `audio`, `pictures`, or a chunk, `chunk-3`.
"""

from __future__ import annotations

import msgspec

from processors.media import tracks
from processors.media.model import Track
from schemas.encode_reports import EncodePlanned
from schemas.encode_tasks import AudioRequested, ChunkRequested, PicturesRequested
from streams.event import Event, natural_id
from streams.reshape import reshape

AUDIO, PICTURES = tracks.AUDIO, "pictures"
EARLY = 2  # chunks that go before the pictures: nobody waits for a poster, everybody for the start


def chunk_part(index: int) -> str:
    """The name of a chunk as a part."""
    return f"chunk-{index}"


def tracks_of(plan: EncodePlanned) -> list[Track]:
    """What the plan's manifests list; older plans imply it."""
    if plan.tracks:
        return msgspec.convert(msgspec.to_builtins(plan.tracks), list[Track])
    return tracks.implied([rung.name for rung in plan.rungs], plan.audio_stream is not None)


def parts(plan: EncodePlanned) -> list[str]:
    """The first chunk, the audio that must play with it, one chunk more, the poster, then the rest in order."""
    audio = [AUDIO] if plan.audio_stream is not None else []
    chunks = [chunk_part(chunk.index) for chunk in plan.chunks]
    return [*chunks[:1], *audio, *chunks[1:EARLY], PICTURES, *chunks[EARLY:]]


def task(plan: EncodePlanned, part: str, attempt: int) -> Event:
    """The request for one part. Its task id is the same on every try, and so are the ids of its reports."""
    known = {"task_id": natural_id(plan.encode_id, "task", part), "attempt": attempt}
    if part == AUDIO:
        return reshape(plan, AudioRequested, **known)
    if part == PICTURES:
        return reshape(plan, PicturesRequested, **known)
    chunk = plan.chunks[int(part.removeprefix("chunk-"))]
    return reshape(plan, ChunkRequested, chunk=chunk, **known)
