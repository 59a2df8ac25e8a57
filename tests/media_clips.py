"""Clips for tests, made when they are needed: every frame carries its number, every second flashes and beeps.

A frame has three bands: its number in sixteen black or white blocks, a moving pattern, and the flash.
"""

from __future__ import annotations

import io
import math
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.container import OutputContainer
from av.video.frame import VideoFrame

BITS = 16
BEEP_S = 0.1
BEEP_HZ = 1000
RATE = 48_000
MUXERS = {"mkv": "matroska", "ts": "mpegts", "mpg": "mpeg"}
AUDIO_CODECS = {"webm": "libopus", "avi": "pcm_s16le", "ts": "mp2", "mpg": "mp2"}
ENCODERS = {"h264": "libx264", "hevc": "libx265", "vp9": "libvpx-vp9", "mpeg4": "mpeg4", "mpeg2": "mpeg2video"}
FAST = {
    "h264": {"preset": "ultrafast", "bf": "2", "g": "48"},
    "hevc": {"preset": "ultrafast", "x265-params": "log-level=none"},
    "vp9": {"deadline": "realtime", "cpu-used": "8"},
    "mpeg4": {"b": "2M"},
    "mpeg2": {"b": "4M", "g": "12", "bf": "2"},
}


@dataclass(frozen=True)
class Clip:
    """What to make. `time_of` gives a frame's start in seconds, for variable rates; `audio` is a channel layout."""

    container: str = "mp4"
    codec: str = "h264"
    width: int = 320
    height: int = 180
    fps: Fraction | int = 24
    seconds: float = 3
    pictures: bool = True
    audio: str | None = "stereo"
    audio_delay_s: float = 0.0
    rotation: int = 0  # degrees counter-clockwise, as in the file's display matrix
    time_of: Callable[[int], float] | None = None
    pixel_format: str = "yuv420p"
    options: dict[str, str] = field(default_factory=dict)
    transfer: int | None = None  # H.273; with it BT.2020
    sample_aspect: str | None = None
    tags: dict[str, str] = field(default_factory=dict)

    def frame_times(self) -> list[float]:
        """Where each frame starts, in seconds."""
        if self.time_of is None:
            return [float(n / Fraction(self.fps)) for n in range(round(self.seconds * self.fps))]
        times: list[float] = []
        while (at := self.time_of(len(times))) < self.seconds:
            times.append(at)
        return times


def make(clip: Clip, **muxing: str) -> bytes:
    """The clip as a file; `muxing` are the muxer's options."""
    file = io.BytesIO()
    with av.open(file, "w", format=MUXERS.get(clip.container, clip.container), options=muxing) as container:
        container.metadata.update(clip.tags)
        _write(container, clip)
    return file.getvalue()


def number_of(frame: VideoFrame) -> int:
    """The number a frame carries, whatever its size."""
    grey = _luma(frame)
    return sum((grey[5][2 * n + 1] > 128) << n for n in range(BITS))


def is_flash(frame: VideoFrame) -> bool:
    """Whether the frame belongs to the first tenth of a second."""
    return _luma(frame)[26][BITS] > 128


def _luma(frame: VideoFrame) -> list[bytes]:
    """The picture's brightness in 32 by 32 pixels, rows from the top."""
    plane = frame.reformat(2 * BITS, 32, "gray8", interpolation="AREA").planes[0]
    data = bytes(plane)
    return [data[row * plane.line_size :][: 2 * BITS] for row in range(32)]


def _write(container: OutputContainer, clip: Clip) -> None:
    video = _add_video(container, clip) if clip.pictures else None
    sound = _add_sound(container, clip) if clip.audio else None
    if video is not None:
        for number, at in enumerate(clip.frame_times()):
            base = video.codec_context.time_base or 1 / Fraction(clip.fps)
            frame = picture(clip, number, at)
            frame.pts, frame.time_base = round(at / base), base
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
    if sound is not None:
        for frame in _beeps(clip):
            container.mux(sound.encode(frame))
        container.mux(sound.encode(None))


def _add_video(container: OutputContainer, clip: Clip) -> av.VideoStream:
    options = {**FAST[clip.codec], **clip.options}
    stream = container.add_stream(ENCODERS[clip.codec], rate=Fraction(clip.fps), options=options)
    assert isinstance(stream, av.VideoStream)
    codec = stream.codec_context
    codec.width, codec.height, codec.pix_fmt = clip.width, clip.height, clip.pixel_format
    if clip.time_of is not None:
        codec.time_base = stream.time_base = Fraction(1, 1000)
    if clip.transfer is not None:
        codec.color_trc, codec.color_primaries, codec.colorspace = clip.transfer, 9, 9
    if clip.sample_aspect:
        codec.sample_aspect_ratio = Fraction(clip.sample_aspect.replace(":", "/"))
    if clip.rotation:
        stream.set_display_rotation(clip.rotation)
    return stream


def picture(clip: Clip, number: int, at: float) -> VideoFrame:
    """Frame `number`, shown from `at` seconds on."""
    frame = VideoFrame(clip.width, clip.height, "yuv420p")
    luma = frame.planes[0]
    blocks = bytes(235 if number >> (x * BITS // clip.width) & 1 else 16 for x in range(clip.width))
    moving = bytes(16 + (x * 3 + number * 5) % 200 for x in range(clip.width))
    flash = bytes([235 if at % 1 < BEEP_S else 16]) * clip.width
    bands = [(blocks, clip.height // 3), (moving, clip.height // 3), (flash, clip.height - 2 * (clip.height // 3))]
    luma.update(b"".join(row.ljust(luma.line_size, b"\x10") * lines for row, lines in bands))
    for plane in frame.planes[1:]:
        plane.update(b"\x80" * plane.buffer_size)
    return frame if clip.pixel_format == "yuv420p" else frame.reformat(format=clip.pixel_format)


def _add_sound(container: OutputContainer, clip: Clip) -> av.AudioStream:
    stream = container.add_stream(AUDIO_CODECS.get(clip.container, "aac"), rate=RATE)
    assert isinstance(stream, av.AudioStream)
    stream.codec_context.layout = clip.audio or "stereo"
    return stream


def _beeps(clip: Clip) -> Iterator[AudioFrame]:
    """A tenth of a second of a sine at every second, on all channels, packed 16 bit in frames of 1024."""
    layout = av.AudioLayout(clip.audio or "stereo")
    resampler = AudioResampler("s16", layout, RATE)
    for start in range(0, round(clip.seconds * RATE), 1024):
        values = array("h")
        for n in range(start, start + 1024):
            loud = n % RATE < BEEP_S * RATE
            values.extend(
                [round(12_000 * math.sin(2 * math.pi * BEEP_HZ * n / RATE)) if loud else 0] * layout.nb_channels
            )
        frame = AudioFrame("s16", clip.audio or "stereo", 1024)
        frame.sample_rate, frame.time_base = RATE, Fraction(1, RATE)
        frame.pts = start + round(clip.audio_delay_s * RATE)
        frame.planes[0].update(values.tobytes())
        yield from resampler.resample(frame)
