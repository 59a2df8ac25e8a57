"""What the jobs make, as messages: they leave the confined process in this form."""

from __future__ import annotations

from processors.media.boxes import codecs, timescale, timing
from processors.media.model import Picture, Probe, Rung, Segment, Value
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
    """The audio's end: its length, how many packets were damaged."""

    end_ms: int
    concealed: int
    numbers: list[int]


class PictureMade(Value, tag=True, frozen=True, kw_only=True):
    picture: Picture
    data: bytes


class SelfChecked(Value, tag=True, frozen=True, kw_only=True):
    """How the process is confined, and whether it could still open a file or a socket or start a process."""

    layers: list[str]
    opens_files: bool
    opens_sockets: bool
    starts_processes: bool


Made = Probed | SegmentGroup | ChunkDone | AudioDone | PictureMade | SelfChecked


def coded(video_id: str, rung: Rung | None, frame_rate: float, number: int, data: bytes, init: bytes) -> Coded:
    """Measure a segment from its bytes; `rung` is None for audio."""
    name = rung.name if rung else "audio"
    measured = timing(data)
    segment = Segment(
        rendition=name,
        number=number,
        key=segment_key(video_id, name, data),
        init_key=init_key(video_id, name, init),
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
