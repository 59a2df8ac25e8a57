"""Make decoded frames what a viewer should see: progressive, upright, SDR. Most sources need none of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

import av
import av.error
from av.filter import Graph
from av.video.frame import VideoFrame

from processors.media.colour import MATRICES, is_hdr
from processors.media.frames import Timed
from processors.media.model import VideoStream

TURNS = {90: ["transpose=clock"], 180: ["hflip", "vflip"], 270: ["transpose=cclock"]}
DEINTERLACE = "bwdif=mode=send_frame:deint=interlaced"
TO_SDR = "scale=out_primaries=bt709:out_transfer=bt709:out_color_matrix=bt709:out_range=tv:intent=perceptual"


def corrections(video: VideoStream, largest: tuple[int, int]) -> list[str]:
    """The filters this source needs, in order. `largest` is the size of the highest rung, upright.

    HDR is brought to that size before its colours are: they cost the most.
    """
    filters = [DEINTERLACE] if video.interlaced else []
    filters += TURNS.get(video.rotation, [])
    if is_hdr(video):
        filters += [f"scale={largest[0]}:{largest[1]}:flags=bicubic", TO_SDR, "format=yuv420p"]
    return filters


def corrected(frames: Iterable[Timed], filters: list[str], base: Fraction) -> Iterator[Timed]:
    """The frames through the filters, their times kept. A change of size or format starts the filters anew."""
    if not filters:
        yield from frames
        return
    graph: Graph | None = None
    shape: tuple[object, ...] = ()
    for timed in frames:
        frame = timed.frame
        if (frame.width, frame.height, frame.format.name) != shape:
            yield from _rest(graph)
            shape = (frame.width, frame.height, frame.format.name)
            graph = _graph(frame, filters, base)
        assert graph is not None
        frame.pts, frame.time_base = timed.start, base
        graph.push(frame)
        yield from _ready(graph)
    yield from _rest(graph)


def _graph(frame: VideoFrame, filters: list[str], base: Fraction) -> Graph:
    graph = Graph()
    matrix = MATRICES.get(frame.colorspace)
    about = f"video_size={frame.width}x{frame.height}:pix_fmt={frame.format.name}:time_base={base}"
    about += f":colorspace={matrix}" if matrix else ""
    about += f":range={'pc' if frame.color_range == 2 else 'tv'}" if frame.color_range else ""
    nodes = [graph.add("buffer", about)]
    for text in filters:
        name, _, arguments = text.partition("=")
        nodes.append(graph.add(name, arguments or None))
    graph.link_nodes(*nodes, graph.add("buffersink")).configure()
    return graph


def _ready(graph: Graph) -> Iterator[Timed]:
    while True:
        try:
            frame = graph.vpull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        yield Timed(frame.pts or 0, frame.duration or 0, frame)


def _rest(graph: Graph | None) -> Iterator[Timed]:
    """What deinterlacing held back."""
    if graph is not None:
        graph.push(None)
        yield from _ready(graph)
