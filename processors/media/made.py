"""What the jobs make, as messages: they leave the confined process in this form."""

from __future__ import annotations

from processors.media.boxes import timescale, timing
from processors.media.codec_names import codecs
from processors.media.model import Loudness, Picture, Probe, Rung, Segment, Track, Value
from processors.media.names import init_key, segment_key


class Probed(Value, tag=True, frozen=True, kw_only=True):
    probe: Probe


class Coded(Value, tag=True, frozen=True, kw_only=True):
    """A segment with its bytes. `init` is its initialisation segment, or empty when this job has sent it before."""

    segment: Segment
    data: bytes
    init: bytes

    def without_init(self) -> Coded:
        return Coded(segment=self.segment, data=self.data, init=b"")


class SegmentGroup(Value, tag=True, frozen=True, kw_only=True):
    """One number of every rendition that the job makes, the lowest rung first."""

    number: int
    coded: list[Coded]


class ChunkDone(Value, tag=True, frozen=True, kw_only=True):
    """The chunk's end: how many frames a rung has, how many packets were damaged, where it stops in ms.

    `exhausted`: the source ended here, even if the plan expected more.
    """

    frames: int
    concealed: int
    end_ms: int
    exhausted: bool
    numbers: list[int]


class AudioDone(Value, tag=True, frozen=True, kw_only=True):
    """The audio's end: its length, how many packets were damaged, how loud it was and is, what it was raised by."""

    end_ms: int
    concealed: int
    numbers: list[int]
    before: Loudness
    gain_db: float
    after: Loudness


class PictureMade(Value, tag=True, frozen=True, kw_only=True):
    picture: Picture
    data: bytes


class TextMade(Value, tag=True, frozen=True, kw_only=True):
    """A text track as a WebVTT file of so many cues."""

    stream: int
    cues: int
    data: bytes


class RungMeasure(Value, frozen=True, kw_only=True):
    """What samples of a rung came to: kbit/s, and the luma's PSNR in dB at the source's size."""

    rendition: str
    kbps: int
    psnr: float


class LadderMeasured(Value, tag=True, frozen=True, kw_only=True):
    """One measure a rung, in the order of the job."""

    measured: list[RungMeasure]


class SelfChecked(Value, tag=True, frozen=True, kw_only=True):
    """How the process is confined, and whether it could still open a file or a socket or start a process."""

    layers: list[str]
    opens_files: bool
    opens_sockets: bool
    starts_processes: bool


Made = Probed | SegmentGroup | ChunkDone | AudioDone | PictureMade | TextMade | LadderMeasured | SelfChecked


def coded(video_id: str, of: Rung | Track, frame_rate: float, number: int, data: bytes, init: bytes) -> Coded:
    """Measure a segment of a rung, or of a track of sound, from its bytes."""
    measured, rung = timing(data), of if isinstance(of, Rung) else None
    segment = Segment(
        rendition=of.name,
        number=number,
        key=segment_key(video_id, of.name, data),
        init_key=init_key(video_id, of.name, init),
        codecs=codecs(init),
        bytes=len(data),
        start=measured.start,
        duration=measured.duration,
        timescale=timescale(init),
        width=rung.width if rung else 0,
        height=rung.height if rung else 0,
        frame_rate=frame_rate,
        keyframes=measured.keyframes if rung else [],
    )
    return Coded(segment=segment, data=data, init=init)
