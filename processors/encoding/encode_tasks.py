"""The parts of a plan, and the task of each. Pure.

A part of an encode is what one task makes: `audio`, `pictures`, a chunk, `chunk-3`; then a sound, `audio-1`, and
`texts`; of the slower passes `ladder` (what their rungs bring) and chunks, `vp9-chunk-3`. `source` is of no stage: an
archived source is to be had back.

An encode that is to take another's place is all handed out as later tasks: its video plays.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from processors.media import tracks
from processors.media.model import Chunk, Track
from processors.media.plan import even_chunks
from processors.media.tracks import FIRST_CODEC
from schemas.encode_reports import EncodePlanned, Rung
from schemas.encode_tasks import AudioRequested, ChunkRequested, PicturesRequested
from schemas.encode_tasks_gpu import GpuChunkRequested
from schemas.encode_tasks_later import LadderRequested, PassChunkRequested, SoundRequested, TextsRequested
from schemas.storage_tasks import RestoreRequested
from streams.event import Event, natural_id
from streams.reshape import reshape

AUDIO, PICTURES, LADDER, TEXTS, SOURCE = tracks.AUDIO, "pictures", "ladder", "texts", "source"
ARRIVAL = "arrival"  # of a source that was still arriving when it was planned: no task, done when it is whole
LEVEL_MS = 30_000  # of an arriving source, whose loudness can't be measured as a whole
SOUNDS = "sounds"  # a stage: every other sound, and the texts
WINDOW = 32  # parts for which nobody waits, handed out at a time: a day's three thousand must bar nobody's way
EARLY = 2  # chunks that go before the pictures: nobody waits for a poster, everybody for the start


def chunk_part(index: int, codec: str = FIRST_CODEC) -> str:
    """The name of a chunk as a part."""
    return f"chunk-{index}" if codec == FIRST_CODEC else f"{codec}-chunk-{index}"


def codec_of(part: str) -> str | None:
    """The codec of a chunk; None for other parts."""
    codec, chunk, _ = part.rpartition("chunk-")
    return (codec.removesuffix("-") or FIRST_CODEC) if chunk else None


def tracks_of(plan: EncodePlanned) -> list[Track]:
    """What the plan's manifests list; older plans imply it."""
    if plan.tracks:
        return msgspec.convert(msgspec.to_builtins(plan.tracks), list[Track])
    return tracks.implied([rung.name for rung in plan.rungs], plan.audio_stream is not None)


def rungs_of(plan: EncodePlanned, codec: str, dropped: tuple[str, ...] = ()) -> list[Rung]:
    """A codec's rungs, lowest first, but for those that were dropped."""
    return [rung for rung in plan.rungs if rung.codec == codec and rung.name not in dropped]


def later_sounds(plan: EncodePlanned) -> list[Track]:
    """The tracks of sound that are made once the video plays."""
    return [track for track in tracks_of(plan) if track.kind == "audio" and track.later]


def stages(plan: EncodePlanned) -> list[str]:
    """What is done one after another: the start; once the video plays sounds and texts, measuring, pass after pass."""
    beside = [SOUNDS] if later_sounds(plan) or plan.texts else []
    return [FIRST_CODEC, *beside, *([LADDER] if plan.passes else []), *(one.codec for one in plan.passes)]


def stage_of(part: str) -> str:
    """The stage that a part belongs to."""
    if part == TEXTS or part.startswith(f"{AUDIO}-"):
        return SOUNDS
    return LADDER if part == LADDER else codec_of(part) or FIRST_CODEC


def parts(plan: EncodePlanned, stage: str = FIRST_CODEC) -> list[str]:
    """A stage's parts. At the start: the first chunk, the audio that must play with it, one chunk more, the poster,
    then the rest in order."""
    if stage == LADDER:
        return [LADDER]
    if stage == SOUNDS:
        return [*([TEXTS] if plan.texts else []), *(track.name for track in later_sounds(plan))]
    if stage != FIRST_CODEC:
        return [chunk_part(chunk.index, stage) for chunk in chunks_of(plan, stage)]
    chunks = [chunk_part(chunk.index) for chunk in plan.chunks]
    audio = [AUDIO] if plan.audio_stream is not None else []
    pictures = [PICTURES] if chunks and plan.replaces is None else []  # those of the first encode stay
    arrival = [ARRIVAL] if plan.arriving else []
    return [*chunks[:1], *audio, *chunks[1:EARLY], *pictures, *chunks[EARLY:], *arrival]


def at_first(plan: EncodePlanned, stage: str = FIRST_CODEC) -> list[str]:
    """The parts that are handed out when their stage begins: all of a new video's start, some of what comes later."""
    urgent = stage == FIRST_CODEC and plan.replaces is None
    return parts(plan, stage) if urgent else parts(plan, stage)[:WINDOW]


def following(plan: EncodePlanned, stage: str, done: int) -> list[str]:
    """The part that is handed out when so many of its stage are done, if one is left."""
    return parts(plan, stage)[len(at_first(plan, stage)) :][done - 1 : done]


def chunks_of(plan: EncodePlanned, codec: str) -> list[Chunk]:
    """The chunks in which a codec is encoded."""
    if codec == FIRST_CODEC:
        return msgspec.convert(msgspec.to_builtins(plan.chunks), list[Chunk])
    [length] = [one.chunk_ms for one in plan.passes if one.codec == codec]
    return even_chunks(plan.duration_ms, length)


def task(plan: EncodePlanned, part: str, attempt: int, dropped: tuple[str, ...] = ()) -> Event:
    """The request for one part. Its task id is the same on every try, and so are the ids of its reports."""
    known = {"task_id": natural_id(plan.encode_id, "task", part), "attempt": attempt}
    if part == AUDIO:
        return _default_sound(plan, known)
    if part == SOURCE:
        return reshape(plan, RestoreRequested, **known)
    if part == PICTURES:
        return reshape(plan, PicturesRequested, **known)
    if part == TEXTS:
        return reshape(plan, TextsRequested, **known)
    if stage_of(part) == SOUNDS:
        [track] = [track for track in later_sounds(plan) if track.name == part]
        return reshape(plan, SoundRequested, **known, track=track, audio_stream=track.stream)
    if part == LADDER:
        later = [rung for rung in plan.rungs if rung.codec != FIRST_CODEC]
        return reshape(plan, LadderRequested, **{**known, "rungs": later})
    codec = stage_of(part)
    chunk = chunks_of(plan, codec)[int(part.rpartition("-")[2])]
    return reshape(plan, _kind(plan, codec), **known, chunk=chunk, rungs=rungs_of(plan, codec, dropped))


def _kind(plan: EncodePlanned, codec: str) -> type[ChunkRequested | PassChunkRequested | GpuChunkRequested]:
    """Who takes a codec's chunks: any worker, at once or later, or those that have a GPU."""
    if codec == FIRST_CODEC and plan.replaces is None:
        return ChunkRequested
    return GpuChunkRequested if plan.gpu == "require" and codec in tracks.GPU_CODECS else PassChunkRequested


def _default_sound(plan: EncodePlanned, known: Mapping[str, object]) -> Event:
    if plan.replaces is None:
        return reshape(plan, AudioRequested, **known, level_ms=level_ms(plan))
    [track] = [track for track in tracks_of(plan) if track.name == AUDIO]
    return reshape(plan, SoundRequested, **known, track=track)


def level_ms(plan: EncodePlanned) -> int:
    """How much of the beginning says how loud an arriving source is; 0 where all of it can be heard."""
    return min(LEVEL_MS, plan.duration_ms // 4) if plan.arriving else 0
