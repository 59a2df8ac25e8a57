"""Encode a file as the workers do, in this process, and look at what came out as a player would."""

from __future__ import annotations

import io
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise, product
from types import MappingProxyType

import av
from av.audio.resampler import AudioResampler
from av.video.frame import VideoFrame

from processors.media.audio import encode_audio
from processors.media.boundaries import segment_number
from processors.media.encode import encode_chunk
from processors.media.jobs import AudioJob, ChunkJob
from processors.media.made import AudioDone, ChunkDone, SegmentGroup
from processors.media.model import USUAL_WAY, Chunk, Plan, Probe, Segment, Way
from processors.media.plan import plan
from processors.media.policies import USUAL, PolicyName
from processors.media.presentation import Presentation
from processors.media.probe import probe

LOUD = 3_000  # of 32,767


def renditions(plan: Plan) -> list[str]:
    """Names of all renditions of a plan, the audio last."""
    return [track.name for track in plan.tracks]


@dataclass
class Encoded:
    """All segments of a video, with their bytes by object name."""

    probe: Probe
    plan: Plan
    segments: list[Segment] = field(default_factory=list)
    objects: dict[str, bytes] = field(default_factory=dict)
    done: list[ChunkDone] = field(default_factory=list)
    audio_done: AudioDone | None = None

    def add(self, group: SegmentGroup) -> None:
        for coded in group.coded:
            self.segments.append(coded.segment)
            self.objects[coded.segment.key] = coded.data
            if coded.init:
                self.objects[coded.segment.init_key] = coded.init

    def of(self, rendition: str) -> list[Segment]:
        return sorted((s for s in self.segments if s.rendition == rendition), key=lambda s: s.number)

    def file(self, rendition: str) -> io.BytesIO:
        """The rendition as one fragmented MP4."""
        run = self.of(rendition)
        return io.BytesIO(b"".join([self.objects[run[0].init_key], *(self.objects[s.key] for s in run)]))

    def frames(self, rendition: str) -> list[tuple[float, VideoFrame]]:
        """Every frame with its start in seconds. ffmpeg-based readers show signed offsets late: that is taken off."""
        with av.open(self.file(rendition), "r") as container:
            stream = container.streams.video[0]
            base, late = stream.time_base, stream.start_time or 0
            assert base is not None
            return [(float((frame.pts - late) * base), frame) for frame in container.decode(stream)]  # type: ignore[operator]

    def samples(self, rendition: str = "audio") -> array[int]:
        """The sound as a player hears it: mono at 48 kHz, 16 bit."""
        with av.open(self.file(rendition), "r") as container:
            resampler = AudioResampler("s16", "mono", 48_000)
            samples = array("h")
            for frame in container.decode(audio=0):
                for mono in resampler.resample(frame):
                    samples.frombytes(bytes(mono.planes[0])[: 2 * mono.samples])
        return samples

    def beeps(self, rendition: str = "audio") -> list[float]:
        """Where the sound rises from silence, in seconds."""
        loud = [n for n, value in enumerate(self.samples(rendition)) if abs(value) > LOUD]
        return [loud[0] / 48_000, *(b / 48_000 for a, b in pairwise(loud) if b - a > 24_000)] if loud else []

    def presentation(self, complete: bool = True) -> Presentation:
        return Presentation(
            tracks=self.plan.tracks,
            segments=self.segments,
            complete=complete,
            duration_ms=self.plan.duration_ms,
            started_at=1_700_000_000.0,
        )


def probed(data: bytes) -> Probe:
    return probe(io.BytesIO(data), len(data))


def encoded(
    data: bytes,
    cuts_ms: list[int] | None = None,
    policy: PolicyName = USUAL,
    planned: Plan | None = None,
    ways: Mapping[int, Way] = MappingProxyType({}),
) -> Encoded:
    """Encode a file whole, every codec of the policy; `cuts_ms` replaces the plan's chunks by shorter ones.

    `planned` replaces the policy's plan; `ways` are how chunks are made, by their index, where not as usual.
    """
    about = probed(data)
    planned = planned or plan(about, policy)
    result = Encoded(about, planned)
    assert about.video is not None
    chunks = planned.chunks if cuts_ms is None else _chunks(cuts_ms)
    for chunk, codec in product(chunks, dict.fromkeys(rung.codec for rung in planned.rungs)):
        rungs = [rung for rung in planned.rungs if rung.codec == codec]
        way = ways.get(chunk.index, USUAL_WAY)
        job = ChunkJob(video_id="v", video=about.video, chunk=chunk, rungs=rungs, way=way)
        for made in encode_chunk(io.BytesIO(data), job):
            result.add(made) if isinstance(made, SegmentGroup) else result.done.append(made)
    for track in [track for track in planned.tracks if track.kind == "audio" and track.stream is not None]:
        job = AudioJob(video_id="v", stream=track.stream or 0, duration_ms=planned.duration_ms, track=track)
        for made in encode_audio(io.BytesIO(data), job):
            if isinstance(made, SegmentGroup):
                result.add(made)
            elif track.default and not track.later:
                result.audio_done = made
    return result


def _chunks(cuts_ms: list[int]) -> list[Chunk]:
    starts = [0, *cuts_ms]
    return [
        Chunk(index=n, start_ms=start, end_ms=end, first_number=segment_number(start))
        for n, (start, end) in enumerate(zip(starts, [*cuts_ms, None], strict=True))
    ]
