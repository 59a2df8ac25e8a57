"""Filters of libavfilter in a row, for sound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import av.error
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.filter import Graph

Filters = list[tuple[str, str | None]]


def filtered(frames: Iterable[AudioFrame], filters: Filters) -> Iterator[AudioFrame]:
    """What filters make of frames; of none at all, of silence."""
    graph: Graph | None = None
    uniform = Uniform()
    for frame in frames:
        for fitted in uniform.fitted(frame):
            graph = graph or graph_for(fitted, filters)
            graph.push(fitted)
            yield from ready(graph)
    graph = graph or graph_for(AudioFrame("fltp", "stereo", 0), filters)
    graph.push(None)
    yield from ready(graph)


def ready(graph: Graph) -> Iterator[AudioFrame]:
    """The frames that a graph has done."""
    while True:
        try:
            frame = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        assert isinstance(frame, AudioFrame)
        yield frame


def graph_for(frame: AudioFrame, filters: Filters) -> Graph:
    """The filters, ready for frames like this one."""
    form, layout, rate = frame.format.name, frame.layout.name, frame.sample_rate or 48_000
    graph = Graph()
    source = ("abuffer", f"sample_rate={rate}:sample_fmt={form}:channel_layout={layout}:time_base=1/{rate}")
    nodes = [graph.add(name, arguments) for name, arguments in [source, *filters, ("abuffersink", None)]]
    graph.link_nodes(*nodes).configure()
    return graph


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
