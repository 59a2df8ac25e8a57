"""Take the poster: the least blank of a few exact frames, as a viewer would see it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from statistics import fmean, pstdev
from typing import BinaryIO

from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream as DecodedStream

from processors.media.frames import Concealed, Timed, decoded_from
from processors.media.jobs import PicturesJob
from processors.media.ladder import even
from processors.media.made import PictureMade
from processors.media.model import Picture, Unplayable, VideoStream
from processors.media.names import picture_key
from processors.media.source import Clock, opened, picture_stream
from processors.media.upright import corrected, corrections

CANDIDATES = (0.10, 0.25, 0.40, 0.60, 0.03)  # shares of the video's length
GOOD_ENOUGH = 40.0  # a contrast at which the search ends
LONGEST_SIDE = 1280
QUALITY = 85
THUMB = 32  # pixels a side in which contrast is measured


def take_pictures(file: BinaryIO, job: PicturesJob) -> Iterator[PictureMade]:
    """The poster, as JPEG, at most 1280 pixels a side. Raises Unplayable (`no_frames`) when nothing can be decoded."""
    with opened(file) as container:
        stream = picture_stream(container)
        clock = Clock(stream)
        best: tuple[float, int, VideoFrame] | None = None
        for share in CANDIDATES:
            timed = _frame_at(container, stream, clock, job, int(job.duration_ms * share))
            if timed is None:
                continue
            score = contrast(timed.frame)
            if best is None or score > best[0]:
                best = (score, clock.milliseconds(timed.start), timed.frame)
            if score >= GOOD_ENOUGH:
                break
        if best is None:
            raise Unplayable("no_frames", "No picture of the video can be decoded. Export it again, as H.264.")
        yield _poster(job, best[1], best[2])


def _frame_at(
    container: InputContainer, stream: DecodedStream, clock: Clock, job: PicturesJob, at_ms: int
) -> Timed | None:
    """The frame shown at a time, upright, in SDR."""
    wanted, shown = clock.at(at_ms), None
    frames = decoded_from(container, stream, clock, wanted, Concealed())
    for timed in corrected(frames, corrections(job.video, poster_size(job.video)), clock.base):
        if shown is not None and timed.start > wanted:
            break
        shown = timed
    return shown


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
    shrink = min(1.0, LONGEST_SIDE / max(video.display_width, video.display_height))
    return even(video.display_width * shrink), even(video.display_height * shrink)


def _poster(job: PicturesJob, at_ms: int, frame: VideoFrame) -> PictureMade:
    width, height = poster_size(job.video)
    file = io.BytesIO()
    frame.to_image(width=width, height=height, interpolation="BICUBIC").save(file, "JPEG", quality=QUALITY)
    data = file.getvalue()
    picture = Picture(
        kind="poster",
        key=picture_key(job.video_id, data),
        bytes=len(data),
        width=width,
        height=height,
        at_ms=at_ms,
    )
    return PictureMade(picture=picture, data=data)
