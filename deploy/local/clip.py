"""A clip for those who have none at hand: a running clock, and a beep at every second.

Usage: python -m deploy.local.clip PATH
"""

from __future__ import annotations

import heapq
import sys
from collections.abc import Iterator
from pathlib import Path

import av
import av.filter
from av import AudioFrame, VideoFrame
from av.error import EOFError as EndOfStream

SECONDS, WIDTH, HEIGHT, FRAME_RATE, SAMPLE_RATE = 60, 1280, 720, 30, 48000


def make_clip(path: Path, seconds: int = SECONDS) -> Path:
    """Write an MP4 (H.264, AAC) to `path`, unless it is there; takes some ten seconds."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial.mp4")
        _encode(partial, seconds)
        partial.rename(path)
    return path


def _encode(path: Path, seconds: int) -> None:
    with av.open(str(path), "w") as output:
        picture = output.add_stream("libx264", rate=FRAME_RATE, options={"preset": "ultrafast", "crf": "23"})
        picture.width, picture.height, picture.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        sound = output.add_stream("aac", rate=SAMPLE_RATE, layout="stereo")
        for frame in heapq.merge(_clock(seconds), _beeps(seconds), key=lambda frame: frame.time or 0):
            output.mux(picture.encode(frame) if isinstance(frame, VideoFrame) else sound.encode(frame))
        output.mux(picture.encode())
        output.mux(sound.encode())


def _clock(seconds: int) -> Iterator[VideoFrame | AudioFrame]:
    source = f"size={WIDTH}x{HEIGHT}:rate={FRAME_RATE}:duration={seconds}"
    return _frames(("testsrc", source), ("format", "yuv420p"), ("buffersink", ""))


def _beeps(seconds: int) -> Iterator[VideoFrame | AudioFrame]:
    """440 Hz, and four times that at every second."""
    source = f"beep_factor=4:sample_rate={SAMPLE_RATE}:duration={seconds}:samples_per_frame=1024"
    return _frames(("sine", source), ("aformat", "sample_fmts=fltp:channel_layouts=stereo"), ("abuffersink", ""))


def _frames(*filters: tuple[str, str]) -> Iterator[VideoFrame | AudioFrame]:
    """What comes out of a chain of libavfilter's filters."""
    graph = av.filter.Graph()
    chain = [graph.add(name, arguments) for name, arguments in filters]
    graph.link_nodes(*chain).configure()
    while True:
        try:
            frame = chain[-1].pull()
        except EndOfStream:
            return
        assert isinstance(frame, VideoFrame | AudioFrame)
        yield frame


if __name__ == "__main__":
    make_clip(Path(sys.argv[1]))
