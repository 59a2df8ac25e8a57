"""How loud a sound is (EBU R 128, ITU-R BS.1770-4), and the gain that makes all videos equally loud.

The target is -18 LUFS: within the -20 to -16 LUFS that EBU R 128 s2 gives for streaming, and what AES TD1008 gives
for programmes that aren't music alone; broadcast's -23 is too quiet for telephones. One gain for the whole track, so
its dynamics stay; what would then exceed the ceiling is limited (Big Buck Bunny needs 7.9 dB and loses 0.13 LU).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from av.audio.frame import AudioFrame
from av.filter import Graph

from processors.media.audio_codecs import RATE
from processors.media.filters import Filters, graph_for, ready
from processors.media.model import Loudness

TARGET_LUFS = -18.0
CEILING_DB = -1.5  # of peaks, those between samples as well, at four times the rate: R 128 s2 allows -1
HIDDEN_DB = 3.0  # the most by which a peak lies above the samples around it
FINE = 192_000
MOST_GAIN_DB = 15.0  # a track that is nearly silent is not made to hiss
MOST_GUESSED_DB = 3.0  # where only the beginning was heard: a film that begins softly is not made to shout
SILENT_LUFS = -60.0  # nothing that anybody is to hear


class Meter:
    """Measures frames of one form as they pass. `true_peak`: between the samples, too, at twice the price."""

    def __init__(self, true_peak: bool) -> None:
        self._peak = "true" if true_peak else "sample"
        self._graph: Graph | None = None
        self._said = dict[str, str]()

    def hear(self, frame: AudioFrame) -> None:
        """Measure one frame more."""
        self._graph = self._graph or graph_for(frame, [("ebur128", f"metadata=1:peak={self._peak}")])
        self._graph.push(frame)
        self._read()

    def heard(self, frames: Iterable[AudioFrame]) -> Iterator[AudioFrame]:
        """The same frames, measured as they pass."""
        for frame in frames:
            self.hear(frame)
            yield frame

    def result(self) -> Loudness:
        """What was heard so far. Silence has the lowest figures of the scale, -70 LUFS and -120 dB."""
        if self._graph:
            self._graph.push(None)
            self._read()
        peak = float(self._said.get(f"lavfi.r128.{self._peak}_peak", 0))
        return Loudness(
            lufs=max(-70.0, float(self._said.get("lavfi.r128.I", -70))),
            range_lu=float(self._said.get("lavfi.r128.LRA", 0)),
            peak_db=round(20 * math.log10(max(peak, 1e-6)), 2),
        )

    def _read(self) -> None:
        assert self._graph is not None
        for frame in ready(self._graph):
            self._said = dict(frame.metadata) or self._said


def gain_db(found: Loudness, most: float = MOST_GAIN_DB) -> float:
    """What brings a track to the target, but no more than `most` up; 0 for a silent one."""
    if found.lufs <= SILENT_LUFS:
        return 0.0
    return round(min(TARGET_LUFS - found.lufs, most), 2)


def levelling(found: Loudness, most: float = MOST_GAIN_DB) -> Filters:
    """The filters that level a track: a gain, and a limiter where the peaks would be over the ceiling."""
    gain = gain_db(found, most)
    filters: Filters = [("volume", f"{gain}dB:precision=float")]
    if found.peak_db + gain > CEILING_DB - HIDDEN_DB:
        limit = f"limit={10 ** (CEILING_DB / 20):.5f}:level=0:latency=1:attack=5:release=50"
        filters += [("aresample", str(FINE)), ("alimiter", limit), ("aresample", str(RATE))]
    return filters
