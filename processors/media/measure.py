"""Measure on samples what each rung of a ladder brings: its rate, and its likeness to the source at the source's size.

Likeness is the PSNR of the luma by libavfilter's `psnr`, over all samples: builds of PyAV have no VMAF.
"""

from __future__ import annotations

import io
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import groupby
from typing import BinaryIO, NamedTuple

import av
from av.filter import Graph
from av.video.frame import VideoFrame

from processors.media.boundaries import GOP_MS, segment_number
from processors.media.colour import rendition_colour
from processors.media.encode import encode_chunk
from processors.media.fitting import Fitter
from processors.media.jobs import ChunkJob, LadderJob
from processors.media.made import LadderMeasured, RungMeasure, SegmentGroup
from processors.media.model import Chunk, Rung, Unplayable
from processors.media.shots import decoded_shots

SAMPLES = 3  # groups of pictures, spread over the video: at a sixth, a half and five sixths
PEAK = 255**2
LEAST_ERROR = 1e-5  # of a picture that is the same: 98 dB


class Sample(NamedTuple):
    """Bits, seconds and the squared error of each frame of a rung."""

    bits: int
    seconds: float
    errors: list[float]


def measure_ladder(file: BinaryIO, job: LadderJob) -> Iterator[LadderMeasured]:
    """One measure a rung, in their order. Raises Unplayable when the source can't be opened, or no sample decoded."""
    samples: defaultdict[str, list[Sample]] = defaultdict(list)
    for chunk in sample_chunks(job.duration_ms):
        for _, rungs in groupby(job.rungs, key=lambda rung: rung.codec):
            for rung, sample in _sampled(file, job, chunk, list(rungs)):
                samples[rung.name].append(sample)
    yield LadderMeasured(measured=[_measure(rung.name, samples[rung.name]) for rung in job.rungs])


def sample_chunks(duration_ms: int) -> list[Chunk]:
    """Where samples are taken: each a group of pictures long; fewer of a short video."""
    starts = {duration_ms * (2 * n + 1) // (2 * SAMPLES) // GOP_MS * GOP_MS for n in range(SAMPLES)}
    return [
        Chunk(index=n, start_ms=start, end_ms=start + GOP_MS, first_number=segment_number(start))
        for n, start in enumerate(sorted(starts))
    ]


def _sampled(file: BinaryIO, job: LadderJob, chunk: Chunk, rungs: list[Rung]) -> Iterator[tuple[Rung, Sample]]:
    """The chunk as each of a codec's rungs shows it, against the source, which is decoded again for each."""
    coding = ChunkJob(video_id=job.video_id, video=job.video, chunk=chunk, rungs=rungs)
    file.seek(0)
    groups = [made for made in encode_chunk(file, coding) if isinstance(made, SegmentGroup)]
    for index, rung in enumerate(rungs):
        coded = [group.coded[index] for group in groups]
        data = b"".join(part for made in coded for part in (made.init, made.data))
        file.seek(0)
        errors = list(_errors(_source(file, coding, rungs[-1]), _decoded(data)))
        yield rung, Sample(8 * sum(len(c.data) for c in coded), sum(c.segment.seconds for c in coded), errors)


def _source(file: BinaryIO, job: ChunkJob, largest: Rung) -> Iterator[VideoFrame]:
    """The source's frames as the largest rung would show them if nothing were lost."""
    fitter = Fitter(largest.width, largest.height, rendition_colour(job.video).matrix)
    with decoded_shots(file, job) as decoded:
        yield from (fitter.fitted(shot.frame) for shot in decoded.shots)


def _decoded(data: bytes) -> Iterator[VideoFrame]:
    if data:
        with av.open(io.BytesIO(data), "r") as container:
            yield from container.decode(video=0)


def _errors(source: Iterable[VideoFrame], shown: Iterable[VideoFrame]) -> Iterator[float]:
    """The mean squared error of each frame's luma, `shown` at the source's size."""
    comparison: Comparison | None = None
    for reference, frame in zip(source, shown, strict=False):
        comparison = comparison or Comparison(reference.width, reference.height)
        yield comparison.error(reference, frame)


class Comparison:
    """libavfilter's `psnr` on pairs of frames of one size."""

    def __init__(self, width: int, height: int) -> None:
        self._fitter, self._number = Fitter(width, height, 1), 0
        self._graph = Graph()
        form = f"video_size={width}x{height}:pix_fmt=yuv420p:time_base=1/25"
        self._inputs = [self._graph.add("buffer", form) for _ in range(2)]
        compare, self._output = self._graph.add("psnr"), self._graph.add("buffersink")
        for index, node in enumerate(self._inputs):
            node.link_to(compare, 0, index)
        compare.link_to(self._output)
        self._graph.configure()

    def error(self, reference: VideoFrame, shown: VideoFrame) -> float:
        """The mean squared error of the luma, `shown` brought to the reference's size."""
        for node, frame in zip(self._inputs, (reference, self._fitter.fitted(shown)), strict=True):
            frame.pts, frame.time_base = self._number, Fraction(1, 25)
            node.push(frame)
        self._number += 1
        compared = self._output.pull()
        assert isinstance(compared, VideoFrame)
        return float(compared.metadata["lavfi.psnr.mse.y"])


def _measure(name: str, samples: list[Sample]) -> RungMeasure:
    seconds, errors = sum(s.seconds for s in samples), [error for s in samples for error in s.errors]
    if not errors:
        raise Unplayable("damaged", "None of the places at which a ladder is measured can be decoded.")
    mean = max(LEAST_ERROR, sum(errors) / len(errors))
    kbps = round(sum(s.bits for s in samples) / seconds / 1000) if seconds else 0
    return RungMeasure(rendition=name, kbps=kbps, psnr=round(10 * math.log10(PEAK / mean), 2))
