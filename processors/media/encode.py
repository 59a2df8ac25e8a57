"""Encode one chunk: one decode, all rungs together, segments as soon as every rung has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from processors.media.colour import keeps_hdr, rendition_colour
from processors.media.jobs import ChunkJob
from processors.media.lanes import Lanes, Segments, blaming
from processors.media.made import ChunkDone, Coded, SegmentGroup, coded
from processors.media.mastering import UNKNOWN, Mastering, mastering_of
from processors.media.model import Rung
from processors.media.rendition import RungEncoder
from processors.media.shots import Shots, decoded_shots

LEAD_MS = 500  # encoded before a chunk and thrown away: an encoder that begins cold spends too little on what follows


def encode_chunk(file: BinaryIO, job: ChunkJob) -> Iterator[SegmentGroup | ChunkDone]:
    """The chunk's segments, number by number, all rungs of a number at once; then the account.

    Frames that can't be decoded are left out, the ones before them stay. Raises Unplayable when the source can't
    be opened.
    """
    mastering = mastering_of(file) if keeps_hdr(job.rungs) else UNKNOWN
    with decoded_shots(file, job, LEAD_MS) as decoded:
        encoders = [_encoder(job, rung, decoded, mastering) for rung in job.rungs]
        groups = Groups(job, [encoder.init for encoder in encoders], float(decoded.rate))
        with Lanes(encoders, decoded.begin) as lanes:
            for results in lanes.encoded(decoded.shots, lambda: decoded.span.stop):
                yield from groups.add(results)
        yield ChunkDone(
            frames=lanes.frames,
            concealed=decoded.concealed.packets,
            end_ms=decoded.clock.milliseconds(decoded.span.stop),
            exhausted=decoded.span.exhausted,
            numbers=groups.numbers,
        )


def _encoder(job: ChunkJob, rung: Rung, decoded: Shots, mastering: Mastering) -> RungEncoder:
    """Raises RungFailed where it can't be opened."""
    colour = rendition_colour(job.video, keeps_hdr(job.rungs))
    with blaming(rung):
        return RungEncoder(rung, decoded.clock.base, decoded.rate, colour, decoded.begin, job.way.encoder, mastering)


class Groups:
    """Gathers the rungs' segments by number; a group is out when all have it."""

    def __init__(self, job: ChunkJob, inits: list[bytes], rate: float) -> None:
        self.numbers: list[int] = []
        self._job, self._inits, self._rate = job, inits, round(rate, 3)
        self._partial: dict[int, dict[int, bytes]] = {}

    def add(self, results: list[Segments]) -> Iterator[SegmentGroup]:
        for lane, segments in enumerate(results):
            for number, data in segments:
                self._partial.setdefault(number, {})[lane] = data
        for number in sorted(self._partial):
            if len(self._partial[number]) == len(self._inits):
                yield self._group(number, self._partial.pop(number))

    def _group(self, number: int, by_lane: dict[int, bytes]) -> SegmentGroup:
        first = not self.numbers
        self.numbers.append(number)
        coded = [self._coded(lane, number, data, first) for lane, data in sorted(by_lane.items())]
        return SegmentGroup(number=number, coded=coded)

    def _coded(self, lane: int, number: int, data: bytes, first: bool) -> Coded:
        made = coded(self._job.video_id, self._job.rungs[lane], self._rate, number, data, self._inits[lane])
        return made if first else made.without_init()
