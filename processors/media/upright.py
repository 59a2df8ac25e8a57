"""Make decoded frames what a viewer should see: progressive, upright, nearly always SDR. Most sources need none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

import av
import av.error
from av.filter import Graph
from av.filter.context import FilterContext
from av.video.frame import VideoFrame

from processors.media import tone
from processors.media.colour import MATRICES, is_hdr
from processors.media.frames import Timed
from processors.media.model import VideoStream

TURNS = {90: ["transpose=clock"], 180: ["hflip", "vflip"], 270: ["transpose=cclock"]}
DEINTERLACE = "bwdif=mode=send_frame:deint=interlaced"
TABLE = "haldclut"  # its argument here is the transfer whose table it takes


def corrections(video: VideoStream, largest: tuple[int, int], hdr: bool = False) -> list[str]:
    """The filters this source needs, in order. `largest` is the size of the highest rung, upright.

    HDR becomes SDR unless `hdr`; it is brought to that size before its colours are: they cost the most.
    """
    filters = [DEINTERLACE] if video.interlaced else []
    filters += TURNS.get(video.rotation, [])
    if is_hdr(video) and not hdr:
        filters += [f"scale={largest[0]}:{largest[1]}:flags=bicubic", *_to_sdr(video)]
    return filters


def _to_sdr(video: VideoStream) -> list[str]:
    matrix = video.matrix if video.matrix == "bt2020c" else "bt2020nc"
    return [
        f"scale=in_color_matrix={matrix}:out_range=pc",
        "format=gbrp16",
        f"{TABLE}={video.transfer}",
        "scale=out_color_matrix=bt709:out_range=tv",
        "format=yuv420p",
        "setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv",
    ]


def corrected(frames: Iterable[Timed], filters: list[str], base: Fraction) -> Iterator[Timed]:
    """The frames through the filters, their times kept. A change of size or format starts the filters anew."""
    if not filters:
        yield from frames
        return
    chain: Chain | None = None
    shape: tuple[object, ...] = ()
    for timed in frames:
        frame = timed.frame
        if (frame.width, frame.height, frame.format.name) != shape:
            if chain is not None:
                yield from chain.through(None)
            shape = (frame.width, frame.height, frame.format.name)
            chain = Chain(frame, filters, base)
        assert chain is not None
        frame.pts, frame.time_base = timed.start, base
        yield from chain.through(frame)
    if chain is not None:
        yield from chain.through(None)


class Chain:
    """Filters one behind the other, for frames like the first."""

    def __init__(self, first: VideoFrame, filters: list[str], base: Fraction) -> None:
        self._graph = Graph()
        last = self._source = self._graph.add("buffer", _about(first, base))
        tables: list[tuple[FilterContext, VideoFrame]] = []
        for text in filters:
            name, _, arguments = text.partition("=")
            node = self._graph.add(name, arguments if name != TABLE else None)
            last.link_to(node)
            last = node
            if name == TABLE:
                table = tone.table(arguments)
                second = self._graph.add("buffer", _about(table, base))
                second.link_to(node, 0, 1)
                tables.append((second, table))
        self._sink = self._graph.add("buffersink")
        last.link_to(self._sink)
        self._graph.configure()
        for second, table in tables:
            second.push(table)
            second.push(None)

    def through(self, frame: VideoFrame | None) -> Iterator[Timed]:
        """What comes out for a frame; for None what deinterlacing held back."""
        self._source.push(frame)
        while True:
            try:
                out = self._sink.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            assert isinstance(out, VideoFrame)
            yield Timed(out.pts or 0, out.duration or 0, out)


def _about(frame: VideoFrame, base: Fraction) -> str:
    """How the frames that a chain begins with are described to it."""
    matrix = MATRICES.get(frame.colorspace)
    about = f"video_size={frame.width}x{frame.height}:pix_fmt={frame.format.name}:time_base={base}"
    about += f":colorspace={matrix}" if matrix else ""
    return about + (f":range={'pc' if frame.color_range == 2 else 'tv'}" if frame.color_range else "")
