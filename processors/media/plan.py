"""Cut a source into chunks: the spans that workers encode side by side."""

from __future__ import annotations

from processors.media.boundaries import SEGMENT_MS, segment_number
from processors.media.model import Chunk, Plan, Probe, Unplayable
from processors.media.policies import POLICIES, USUAL, PolicyName, passes, rungs
from processors.media.tracks import pictures, sounds

FIRST_MS = SEGMENT_MS  # short, so that all workers share the early work
CHUNK_MS = 30_000
LONG_CHUNK_MS = 60_000  # a seam costs a little quality: fewer of them where there is enough to share out
LONG_VIDEO_MS = 10 * 60_000
TEXT_CODECS = {"mov_text", "subrip", "srt", "ass", "ssa", "webvtt", "text"}  # not pictures of text, as on discs
MOST_TEXTS = 50


def plan(probe: Probe, policy: PolicyName = USUAL) -> Plan:
    """The plan for a probed source under a policy: rungs and chunks, cut at segment boundaries, sounds, texts.

    Sound alone has no rungs and no chunks. Raises Unplayable (`no_video`) where there is nothing to play.
    """
    if probe.video is None and not probe.audio:
        raise Unplayable("no_video", "The file holds neither pictures nor sound. Upload a file with a video track.")
    steps = rungs(policy, probe.video) if probe.video else []
    return Plan(
        rungs=steps,
        tracks=[*pictures(steps), *sounds(probe.audio)],
        texts=[stream for stream in probe.subtitles if stream.codec in TEXT_CODECS][:MOST_TEXTS],
        chunks=chunks(probe.duration_ms) if probe.video else [],
        passes=passes(policy, probe.video) if probe.video else [],
        audio=bool(probe.audio),
        audio_stream=probe.audio[0].index if probe.audio else None,
        duration_ms=probe.duration_ms,
        gpu=POLICIES[policy].gpu,
    )


def chunks(duration_ms: int) -> list[Chunk]:
    """Chunks that cover the video: 6 s, then 30 s each (60 s from ten minutes on), the last open-ended.

    A rest shorter than a segment joins the chunk before it.
    """
    length = LONG_CHUNK_MS if duration_ms >= LONG_VIDEO_MS else CHUNK_MS
    return _cut([0, *range(FIRST_MS, duration_ms, length)], duration_ms)


def even_chunks(duration_ms: int, length_ms: int) -> list[Chunk]:
    """Chunks of one length, a multiple of a segment's, for passes that nobody waits for."""
    return _cut([*range(0, max(duration_ms, 1), length_ms)], duration_ms)


def _cut(starts: list[int], duration_ms: int) -> list[Chunk]:
    if len(starts) > 1 and duration_ms - starts[-1] < SEGMENT_MS:
        starts.pop()
    ends = [*starts[1:], None]
    return [
        Chunk(index=index, start_ms=start, end_ms=end, first_number=segment_number(start))
        for index, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]
