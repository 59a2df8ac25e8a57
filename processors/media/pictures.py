"""Take the poster: the least blank of a few exact frames, as a viewer would see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from statistics import fmean, pstdev
from typing import BinaryIO

from av.codec import CodecContext
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream as DecodedStream

from processors.media.frames import Concealed, Timed, decoded_from
from processors.media.jobs import PicturesJob
from processors.media.ladder import shrunk
from processors.media.made import PictureMade
from processors.media.model import Picture, Unplayable, VideoStream
from processors.media.names import picture_key
from processors.media.source import Clock, opened, picture_stream
from processors.media.upright import corrected, corrections

CANDIDATES = (0.10, 0.25, 0.40, 0.60, 0.03)  # shares of the video's length
GOOD_ENOUGH = 40.0  # a contrast at which the search ends
LONGEST_SIDE = 1280
QUANTIZER = 4  # about what others call quality 85
THUMB = 32  # pixels a side in which contrast is measured


def take_pictures(file: BinaryIO, job: PicturesJob) -> Iterator[PictureMade]:
    """The poster, as JPEG, at most 1280 pixels a side. Raises Unplayable (`no_frames`) when nothing can be decoded."""
    with opened(file) as container:
        stream = picture_stream(container)
        clock = Clock(stream)
        best = least_blank(_candidates(container, stream, clock, job.duration_ms))
        if best is None:
            raise Unplayable("no_frames", "No picture of the video can be decoded. Export it again, as H.264.")
        at_ms = clock.milliseconds(best.start)
        (shown,) = corrected([best], corrections(job.video, poster_size(job.video)), clock.base)
        yield _poster(job, at_ms, shown.frame)


def _candidates(container: InputContainer, stream: DecodedStream, clock: Clock, duration_ms: int) -> Iterator[Timed]:
    """The frames shown at a few times, as they are stored."""
    for share in CANDIDATES:
        wanted, shown = clock.at(int(duration_ms * share)), None
        for timed in decoded_from(container, stream, clock, wanted, Concealed()):
            if shown is not None and timed.start > wanted:
                break
            shown = timed
        if shown is not None:
            yield shown


def least_blank(candidates: Iterable[Timed]) -> Timed | None:
    """The one with the most contrast; the first that is good enough ends the search."""
    best, most = None, -1.0
    for timed in candidates:
        score = contrast(timed.frame)
        if score > most:
            best, most = timed, score
        if score >= GOOD_ENOUGH:
            break
    return best


def contrast(frame: VideoFrame) -> float:
    """How much there is to see: the spread of brightness; a little less where nearly all is dark or glaring."""
    grey = frame.reformat(THUMB, THUMB, "gray8")
    plane = grey.planes[0]
    data = bytes(plane)
    pixels = [value for row in range(THUMB) for value in data[row * plane.line_size :][:THUMB]]
    mean = fmean(pixels)
    return pstdev(pixels) * (0.5 if mean < 24 or mean > 232 else 1.0)


def poster_size(video: VideoStream) -> tuple[int, int]:
    """As shown, within 1280 pixels a side, even."""
    share = min(1.0, LONGEST_SIDE / max(video.display_width, video.display_height))
    return shrunk(video.display_width, share), shrunk(video.display_height, share)


def _poster(job: PicturesJob, at_ms: int, frame: VideoFrame) -> PictureMade:
    width, height = poster_size(job.video)
    data = jpeg(frame, width, height)
    picture = Picture(
        kind="poster",
        key=picture_key(job.video_id, data),
        bytes=len(data),
        width=width,
        height=height,
        at_ms=at_ms,
    )
    return PictureMade(picture=picture, data=data)


def jpeg(frame: VideoFrame, width: int, height: int) -> bytes:
    """The frame as a JPEG of that size. JFIF knows one colour: BT.601 in full range."""
    encoder = CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuvj420p"
    encoder.time_base, encoder.qmin, encoder.qmax = Fraction(1, 1), QUANTIZER, QUANTIZER
    picture = frame.reformat(
        width,
        height,
        "yuvj420p",
        dst_colorspace=Colorspace.ITU601,
        dst_color_range=ColorRange.JPEG,
        interpolation="BICUBIC",
    )
    picture.pts, picture.time_base = 0, Fraction(1, 1)
    return b"".join(bytes(packet) for packet in [*encoder.encode(picture), *encoder.encode(None)])
