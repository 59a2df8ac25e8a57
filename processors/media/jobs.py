"""The jobs that a confined process does, as specifications: plain values that go in before the source."""

from __future__ import annotations

from processors.media.model import USUAL_WAY, Chunk, Rung, Track, Value, VideoStream, Way
from processors.media.tracks import SOUND


class ProbeJob(Value, tag=True, frozen=True, kw_only=True):
    """Find out what the source is. Makes one Probed. `by_index`: its end may not be there."""

    by_index: bool = False


class ChunkJob(Value, tag=True, frozen=True, kw_only=True):
    """Encode one chunk to all rungs. Makes a SegmentGroup a number and a ChunkDone."""

    video_id: str
    video: VideoStream
    chunk: Chunk
    rungs: list[Rung]
    way: Way = USUAL_WAY


class AudioJob(Value, tag=True, frozen=True, kw_only=True):
    """Encode one audio stream, whole, to a track. Makes a SegmentGroup a number and an AudioDone.

    `level_ms`: how much of its beginning says how loud it is, where the rest is not to be had yet; 0: all of it.
    """

    video_id: str
    stream: int
    duration_ms: int
    track: Track = SOUND
    level_ms: int = 0


class PicturesJob(Value, tag=True, frozen=True, kw_only=True):
    """Take the pictures. Makes PictureMades, the poster first."""

    video_id: str
    video: VideoStream
    duration_ms: int


class TextsJob(Value, tag=True, frozen=True, kw_only=True):
    """Take text tracks out, by their streams. Makes a TextMade for each that has words."""

    streams: list[int]


class LadderJob(Value, tag=True, frozen=True, kw_only=True):
    """Measure on samples what rungs bring, codec by codec. Makes a LadderMeasured."""

    video_id: str
    video: VideoStream
    duration_ms: int
    rungs: list[Rung]


class TryJob(Value, tag=True, frozen=True, kw_only=True):
    """Make a few pictures in a codec one way, to see whether it goes here. Makes nothing."""

    codec: str
    way: Way


class SelfCheckJob(Value, tag=True, frozen=True, kw_only=True):
    """Try to get out, and to open the file at `path`. Makes one SelfChecked; for operators and tests."""

    path: str
    way: Way = USUAL_WAY


Job = ProbeJob | ChunkJob | AudioJob | PicturesJob | TextsJob | LadderJob | TryJob | SelfCheckJob


def on_device(job: Job) -> bool:
    """Whether a GPU's driver takes part in a job."""
    return isinstance(job, ChunkJob | TryJob | SelfCheckJob) and job.way.device
