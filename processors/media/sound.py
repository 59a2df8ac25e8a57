"""Decode an audio stream to stereo at 48 kHz on the video's timeline, exactly as long as the video."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import av
import av.error
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream as DecodedStream
from av.container import InputContainer
from av.filter import Graph

from processors.media.frames import Concealed, frames_in, packets_of

RATE = 48_000
FRAME = 1024  # samples in an AAC frame
TOLERATED_S = 0.05  # gaps and overlaps beyond this are filled with silence or cut


def timely(
    container: InputContainer, stream: DecodedStream, zero: Fraction, duration_ms: int, concealed: Concealed
) -> Iterator[AudioFrame]:
    """Frames of 1024 samples from second `zero` of the container on; silence where the source has none."""
    total = max(1, duration_ms * RATE // 1000 // FRAME) * FRAME
    graph: Graph | None = None
    uniform = Uniform()
    for frame in _decoded(container, stream, concealed):
        since = Fraction(frame.pts or 0) * (frame.time_base or Fraction(1, RATE)) - zero
        if since * 1000 > duration_ms:
            break
        frame.pts, frame.time_base = round(since * frame.sample_rate), Fraction(1, frame.sample_rate)
        for fitted in uniform.fitted(frame):
            graph = graph or _graph(fitted.sample_rate, fitted.format.name, fitted.layout.name, total)
            graph.push(fitted)
            yield from _ready(graph)
    graph = graph or _graph(RATE, "fltp", "stereo", total)
    graph.push(None)
    yield from _ready(graph)


class Uniform:
    """Keeps to the form of the first frame when a stream changes its own on the way, as broadcasts do."""

    def __init__(self) -> None:
        self._form: tuple[str, str, int] | None = None
        self._resamplers: dict[tuple[str, str, int], AudioResampler] = {}

    def fitted(self, frame: AudioFrame) -> list[AudioFrame]:
        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        self._form = self._form or form
        if form == self._form:
            return [frame]
        return self._resamplers.setdefault(form, AudioResampler(*self._form)).resample(frame)


def _decoded(container: InputContainer, stream: DecodedStream, concealed: Concealed) -> Iterator[AudioFrame]:
    for packet in packets_of(container, stream, concealed):
        yield from (frame for frame in frames_in(packet, concealed) if frame.pts is not None)


def _graph(rate: int, form: str, layout: str, total: int) -> Graph:
    graph = Graph()
    filters = [
        ("abuffer", f"sample_rate={rate}:sample_fmt={form}:channel_layout={layout}:time_base=1/{rate}"),
        ("aresample", f"{RATE}:async=1:min_hard_comp={TOLERATED_S}:first_pts=0"),
        ("aformat", "sample_fmts=fltp:channel_layouts=stereo"),
        ("apad", f"whole_len={total}"),
        ("atrim", f"end_sample={total}"),
        ("asetnsamples", f"n={FRAME}:p=1"),
        ("abuffersink", None),
    ]
    graph.link_nodes(*(graph.add(name, arguments) for name, arguments in filters)).configure()
    return graph


def _ready(graph: Graph) -> Iterator[AudioFrame]:
    while True:
        try:
            frame = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        assert isinstance(frame, AudioFrame)
        yield frame
