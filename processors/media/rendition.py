"""Encode the frames of one rung and gather them into segments."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import av
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange

from processors.media.boundaries import GOP_MS, segment_number
from processors.media.boxes import timescale
from processors.media.colour import Colour
from processors.media.fitting import Fitter
from processors.media.fragments import Sample, fragment, segment
from processors.media.mastering import UNKNOWN, Mastering
from processors.media.model import Rung
from processors.media.sink import Sink
from processors.media.video_codecs import form

MUXER = {"movflags": "cmaf+frag_custom+empty_moov+skip_trailer+skip_sidx"}
IDR = 1  # AV_PICTURE_TYPE_I, which every encoder is told to make a random access point


class RungEncoder:
    """One rung of one chunk. Frames go in, whole segments come out as (number, bytes).

    Groups of pictures that begin before tick `begin` only warm the encoder: they are thrown away.

    The same encoder, rung, time base, rate and colour give the same `init` in every chunk: encoders write their
    parameter sets from the settings alone. Those of another encoder differ, and are in its own `init` only, as `avc1`
    and `hvc1` demand (ISO 14496-15; Apple HLS authoring 1.10): manifests tell where the one takes over from the other.
    """

    def __init__(
        self,
        rung: Rung,
        base: Fraction,
        rate: Fraction,
        colour: Colour,
        begin: int,
        encoder: str = "",
        mastering: Mastering = UNKNOWN,
    ) -> None:
        self.rung, self._begin = rung, begin
        sink = Sink()
        self._muxer = av.open(sink, "w", format="mp4", options=MUXER)  # for the init segment only
        self._form = form(rung.codec, encoder)
        stream = self._muxer.add_stream(self._form.encoder, rate=rate, options=mastering.told(self._form.options(rung)))
        assert isinstance(stream, av.VideoStream)
        codec = self._codec = stream.codec_context
        if self._form.tag:
            codec.codec_tag = self._form.tag
        codec.width, codec.height, codec.pix_fmt = rung.width, rung.height, self._form.pixels
        codec.time_base = stream.time_base = base
        codec.thread_count = 1
        codec.color_primaries, codec.color_trc, codec.colorspace = colour
        codec.color_range = ColorRange.MPEG
        codec.gop_size = 10 * (int(rate) + 1) * GOP_MS // 1000  # never reached
        self._muxer.start_encoding()
        self.init = self._form.init(sink.taken(), rung, float(rate))
        self._base = base
        self._scale = int(timescale(self.init) * base)  # the muxer makes coarse time bases finer
        self._fitter = Fitter(rung.width, rung.height, colour.matrix, self._form.pixels)
        self._group: list[Packet] = []
        self._fragments: list[bytes] = []

    @property
    def pixels(self) -> int:
        return self.rung.width * self.rung.height

    def fitted(self, frame: VideoFrame) -> VideoFrame:
        """The picture of a frame in this rung's size; the frame itself where that is its size."""
        return self._fitter.fitted(frame)

    def encode(self, start: int, picture: VideoFrame, key: bool) -> list[tuple[int, bytes]]:
        """Encode a fitted picture from tick `start`, as an IDR frame when `key`; the segments this completes."""
        picture.pts, picture.time_base = start, self._base
        picture.pict_type = IDR if key else 0
        return self._gathered(self._codec.encode(picture))

    def finish(self, stop: int) -> list[tuple[int, bytes]]:
        """The rest; the last frame lasts until tick `stop`."""
        done = self._gathered(self._codec.encode(None))
        return done + (self._close_group(stop, last=True) if self._group else [])

    def _gathered(self, packets: list[Packet]) -> list[tuple[int, bytes]]:
        done: list[tuple[int, bytes]] = []
        for packet in packets:
            if packet.is_keyframe and self._group:
                done += self._close_group(packet.pts or 0)
            self._group.append(packet)
        return done

    def _close_group(self, following: int, last: bool = False) -> list[tuple[int, bytes]]:
        """Write the group, which lasts until tick `following`, as a fragment; the segment, if that ends it."""
        starts = sorted(packet.pts or 0 for packet in self._group)
        if starts[0] < self._begin:
            self._group = []
            return []
        lasts = {a: b - a for a, b in pairwise([*starts, following])}
        samples = [
            Sample((p.pts or 0) * self._scale, lasts[p.pts or 0] * self._scale, self._form.sample(bytes(p)))
            for p in self._group
        ]
        begun_ms = int(starts[0] * self._base * 1000)
        self._fragments.append(fragment(begun_ms // GOP_MS + 1, samples))
        self._group = []
        number = segment_number(begun_ms)
        if not last and segment_number(int(following * self._base * 1000)) == number:
            return []
        whole, self._fragments = segment(self._fragments), []
        return [(number, whole)]
