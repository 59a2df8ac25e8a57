"""What the encode path speaks of: what a source is, how it is cut, what was made of it. Values only.

The events of `schemas/` carry fields of the same names. Unless said otherwise times are milliseconds.
"""

from __future__ import annotations

from typing import Literal

import msgspec


class Unplayable(Exception):
    """The source itself can't become a video. `code` is for programs, `message` for the person who uploaded it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """A frozen record without identity."""


class VideoStream(Value, frozen=True, kw_only=True):
    """Geometry as stored (`width`, `height`) and as shown, after pixel aspect and rotation (`display_…`)."""

    index: int
    codec: str
    profile: str | None = None
    width: int
    height: int
    display_width: int
    display_height: int
    rotation: int = 0  # degrees clockwise that show the picture upright: 0, 90, 180, 270
    sample_aspect_ratio: str = "1:1"
    frame_rate: float  # average, frames a second
    variable_frame_rate: bool = False
    pixel_format: str
    bit_depth: int = 8
    primaries: str | None = None
    transfer: str | None = None
    matrix: str | None = None
    range: str | None = None
    interlaced: bool = False
    start_ms: int = 0


class AudioStream(Value, frozen=True, kw_only=True):
    index: int
    codec: str
    channels: int
    layout: str
    sample_rate: int
    language: str | None = None
    title: str | None = None


class SubtitleStream(Value, frozen=True, kw_only=True):
    index: int
    codec: str
    language: str | None = None


class Chapter(Value, frozen=True, kw_only=True):
    start_ms: int
    end_ms: int
    title: str


class Probe(Value, frozen=True, kw_only=True):
    """What the source is. `duration_ms` is the picture's, measured from packets, not the container's claim."""

    container: str
    duration_ms: int
    size_bytes: int
    bit_rate: int | None = None
    video: VideoStream | None = None
    audio: list[AudioStream] = []
    subtitles: list[SubtitleStream] = []
    chapters: list[Chapter] = []
    tags: dict[str, str] = {}


class Rung(Value, frozen=True, kw_only=True):
    """One step of the ladder: a rendition's codec, size and rate. `max_kbps` caps the peak."""

    name: str
    codec: str = "h264"
    width: int
    height: int
    crf: int = 23
    max_kbps: int


class Track(Value, frozen=True, kw_only=True):
    """What manifests list as one: a rendition of pictures, sound or text, which bears the track's name.

    `height` is the "p" of pictures, `language` a BCP 47 tag; `default` plays unless another of its kind is chosen.
    `later`: made after the video plays, and listed when it is complete. `stream` is the source's, of sound and text.
    """

    name: str
    kind: Literal["video", "audio", "text"]
    codec: str
    height: int = 0
    channels: int = 0
    language: str | None = None
    title: str | None = None
    default: bool = False
    later: bool = False
    stream: int | None = None


Gpu = Literal["never", "prefer", "require"]  # what a GPU may do of an encode


class Way(Value, frozen=True, kw_only=True):
    """How pictures are made: which encoder ("": the codec's usual one), which device decodes ("": none, software)."""

    encoder: str = ""
    decoder: Literal["", "cuda"] = ""

    @property
    def device(self) -> bool:
        """Whether a GPU takes part, and with it its driver."""
        return bool(self.decoder) or self.encoder.endswith("_nvenc")


USUAL_WAY = Way()


class Chunk(Value, frozen=True, kw_only=True):
    """A span of the source that one task encodes. `end_ms` is None for the last: to the end of the stream."""

    index: int
    start_ms: int
    end_ms: int | None
    first_number: int


class Pass(Value, frozen=True, kw_only=True):
    """The encode of a source to the rungs of one more codec, once the video plays, in chunks of `chunk_ms`."""

    codec: str
    chunk_ms: int


class Plan(Value, frozen=True, kw_only=True):
    """How a source is encoded. `audio` says whether there is an audio rendition, made of `audio_stream`.

    `rungs` are those of all codecs; `chunks` are H.264's, and the `passes` for other codecs come after them.
    """

    rungs: list[Rung]
    tracks: list[Track]
    texts: list[SubtitleStream] = []
    chunks: list[Chunk]
    passes: list[Pass] = []
    audio: bool
    audio_stream: int | None
    duration_ms: int
    gpu: Gpu = "prefer"


class Keyframe(Value, frozen=True, kw_only=True):
    """An I-frame: `start` and `duration` in ticks; `offset`, `size` the bytes of its moof and first sample."""

    start: int
    duration: int
    offset: int
    size: int


class Segment(Value, frozen=True, kw_only=True):
    """A media segment as measured from its bytes. `start`, `duration` in ticks of `timescale` a second.

    `key` and `init_key` are object names; width, height and frame_rate are 0 for audio.
    """

    rendition: str
    number: int
    key: str
    init_key: str
    codecs: str
    bytes: int
    start: int
    duration: int
    timescale: int
    width: int = 0
    height: int = 0
    frame_rate: float = 0.0
    keyframes: list[Keyframe] = []

    @property
    def seconds(self) -> float:
        return self.duration / self.timescale

    @property
    def end_seconds(self) -> float:
        return (self.start + self.duration) / self.timescale


class Text(Value, frozen=True, kw_only=True):
    """A WebVTT file that manifests list whole, as a track of that name. `origin`: "uploaded" or "embedded"."""

    name: str
    language: str
    title: str = ""
    kind: str = "text"
    key: str
    bytes: int
    origin: str


class Loudness(Value, frozen=True, kw_only=True):
    """EBU R 128: integrated loudness in LUFS, loudness range in LU, the highest peak in dB below full scale."""

    lufs: float
    range_lu: float
    peak_db: float


class Picture(Value, frozen=True, kw_only=True):
    """What a video is shown by: `kind` "poster", "thumbnail", "sheet", "storyboard" (WebVTT) or "preview".

    `at_ms`: when the frame begins, or the first one on a sheet; `width` and `height` of a storyboard are a tile's.
    """

    kind: str
    key: str
    bytes: int
    width: int
    height: int
    at_ms: int
