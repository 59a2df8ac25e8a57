"""Cut a source into chunks: the spans that workers encode side by side."""

from __future__ import annotations

from processors.media.boundaries import SEGMENT_MS, segment_number
from processors.media.model import Chunk, Plan, Probe, Unplayable
from processors.media.policies import USUAL, passes, rungs
from processors.media.tracks import SOUND, pictures

FIRST_MS = SEGMENT_MS  # short, so that all workers share the early work
CHUNK_MS = 30_000
LONG_CHUNK_MS = 60_000  # a seam costs a little quality: fewer of them where there is enough to share out
LONG_VIDEO_MS = 10 * 60_000


def plan(probe: Probe, policy: str = USUAL) -> Plan:
    """The plan for a probed source under a policy: its rungs and its chunks, cut at segment boundaries."""
    if probe.video is None:
        raise Unplayable("no_video", "The file holds no pictures. Upload a file with a video track.")
    steps = rungs(policy, probe.video)
    return Plan(
        rungs=steps,
        tracks=[*pictures(steps), *([SOUND] if probe.audio else [])],
        chunks=chunks(probe.duration_ms),
        passes=passes(policy, probe.video),
        audio=bool(probe.audio),
        audio_stream=probe.audio[0].index if probe.audio else None,
        duration_ms=probe.duration_ms,
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
