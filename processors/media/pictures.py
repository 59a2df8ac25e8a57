"""Take a video's pictures as a viewer would see them: thumbnails, one of them the poster; storyboard; preview."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream as DecodedStream

from processors.media import preview, storyboard
from processors.media.frames import Timed
from processors.media.jobs import PicturesJob
from processors.media.jpeg import fitted, jpeg
from processors.media.ladder import shrunk
from processors.media.made import PictureMade
from processors.media.model import Picture, Unplayable, VideoStream
from processors.media.names import picture_key, picture_link
from processors.media.poster import contrast, least_blank
from processors.media.preview import animation, moments
from processors.media.source import Clock, opened, picture_stream
from processors.media.stills import Stills
from processors.media.storyboard import TILES, Tile, sheet, sheet_size, tile_times, vtt
from processors.media.upright import DEINTERLACE, corrected, corrections

PLACES = (0.10, 0.25, 0.40, 0.60, 0.80, 0.03)  # shares of the video's length, the likeliest poster first
LONGEST_SIDE = 1280


class Taken(NamedTuple):
    """A frame asked for at one time and begun at another, in ms."""

    asked: int
    begins: int
    frame: VideoFrame


def take_pictures(file: BinaryIO, job: PicturesJob) -> Iterator[PictureMade]:
    """The poster first, then the other thumbnails, the storyboard's sheets and its WebVTT, the animated preview.

    Raises Unplayable (`no_frames`) when nothing can be decoded. Thumbnails and poster are at most 1280 pixels a side.
    """
    with opened(file) as container:
        camera = Camera(container, picture_stream(container), job.video)
        yield from _thumbnails(job, camera)
        yield from _strips(job, camera)


class Camera:
    """Takes frames at times, upright, progressive, in SDR."""

    def __init__(self, container: InputContainer, stream: DecodedStream, video: VideoStream) -> None:
        self._container, self._stream, self._video = container, stream, video
        self._clock = Clock(stream)
        stream.thread_type, stream.codec_context.thread_count = "AUTO", 1  # the other cores encode

    def taken(self, times: Iterable[int], size: tuple[int, int]) -> Iterator[Taken]:
        """The frame shown at each time (ms, ascending), HDR at that size; ends early where no more can be had."""
        stills, filters = Stills(self._container, self._stream, self._clock), corrections(self._video, size)
        alone = [one for one in filters if one == DEINTERLACE]  # it would mix a still with its neighbours
        asked: deque[int] = deque()

        def found() -> Iterator[Timed]:
            for time in times:
                still = stills.at(self._clock.at(time))
                if still is None:
                    return
                asked.append(time)
                yield from corrected([still], alone, self._clock.base)

        for shown in corrected(found(), filters[len(alone) :], self._clock.base):
            yield Taken(asked.popleft(), self._clock.milliseconds(shown.start), shown.frame)


def _thumbnails(job: PicturesJob, camera: Camera) -> Iterator[PictureMade]:
    """Where several places of a short video show one frame, it is taken once."""
    size = shown_size(job.video, LONGEST_SIDE)
    places = [int(job.duration_ms * place) for place in PLACES]
    found: dict[int, Taken] = {}
    for taken in camera.taken(sorted(set(places)), size):
        found.setdefault(taken.begins, taken._replace(frame=fitted(taken.frame, *size)))
    if not found:
        raise Unplayable("no_frames", "No picture of the video can be decoded. Export it again, as H.264.")
    by_preference = sorted(found.values(), key=lambda taken: places.index(taken.asked))
    poster = by_preference[least_blank([contrast(taken.frame) for taken in by_preference])]
    yield _made(job, "poster", jpeg(poster.frame), size, poster.begins)
    for taken in found.values():
        if taken is not poster:
            yield _made(job, "thumbnail", jpeg(taken.frame), size, taken.begins)


def _strips(job: PicturesJob, camera: Camera) -> Iterator[PictureMade]:
    """The storyboard and the preview, in one pass through the video."""
    small, large = (shown_size(job.video, side) for side in (storyboard.LONGEST_SIDE, preview.LONGEST_SIDE))
    tiles_at, moments_at = set(tile_times(job.duration_ms)), set(moments(job.duration_ms))
    tiles: list[Tile] = []
    moving: list[VideoFrame] = []
    for taken in camera.taken(sorted(tiles_at | moments_at), large):
        if taken.asked in tiles_at:
            tiles.append(Tile(taken.asked, fitted(taken.frame, *small)))
        if taken.asked in moments_at:
            moving.append(fitted(taken.frame, *large))
    yield from _storyboard(job, tiles, small)
    if moving:
        yield _made(job, "preview", animation(moving), large, 0, "webp")


def _storyboard(job: PicturesJob, tiles: list[Tile], size: tuple[int, int]) -> Iterator[PictureMade]:
    addresses: list[str] = []
    for first in range(0, len(tiles), TILES):
        on_it = tiles[first : first + TILES]
        made = _made(job, "sheet", sheet(on_it), sheet_size(on_it), on_it[0].at_ms)
        addresses.append(picture_link(made.picture.key))
        yield made
    if tiles:
        yield _made(job, "storyboard", vtt(tiles, addresses, job.duration_ms).encode(), size, 0, "vtt")


def shown_size(video: VideoStream, longest: int) -> tuple[int, int]:
    """As shown, within so many pixels a side, even."""
    share = min(1.0, longest / max(video.display_width, video.display_height))
    return shrunk(video.display_width, share), shrunk(video.display_height, share)


def _made(
    job: PicturesJob, kind: str, data: bytes, size: tuple[int, int], at_ms: int, form: str = "jpg"
) -> PictureMade:
    key = picture_key(job.video_id, data, form)
    picture = Picture(kind=kind, key=key, bytes=len(data), width=size[0], height=size[1], at_ms=at_ms)
    return PictureMade(picture=picture, data=data)
