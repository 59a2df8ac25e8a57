"""What the log says of the store's objects: which are wanted, and which are not. Pure.

Gathered event by event, in the order of each topic, those of several topics as they come. Of an object's name a mark
of eight bytes is kept: where two have the same, an object stays that could go, never the other way round.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Literal

from processors.storage.places import SOURCES, video_of
from schemas import encode_reports as reports
from schemas import encodes, uploads, videos
from streams.event import Event, days, hours

TOPICS = ("uploads", "videos", "encodes", "encode-reports")
YOUNG = days(1)  # what is on its way into the log is some minutes old
IN_FLIGHT = days(8)  # a week after its last report an encode is forgotten: no later one makes its segments facts
LATE_PARTS = hours(1)  # after an upload has expired

Reason = Literal["unknown video", "deleted video", "upload given up", "named by nothing"]


@dataclass
class OfVideo:
    """What is known of one video. `renditions`: marks of the objects of each encode's renditions."""

    source: str = ""
    whole: bool = False
    given_up: bool = False
    deleted: bool = False
    reported: int = 0
    captions: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    renditions: dict[tuple[str, str], array[int]] = field(default_factory=dict[tuple[str, str], "array[int]"])
    pictures: array[int] = field(default_factory=lambda: array("Q"))

    def wanted(self) -> set[int]:
        """Marks of all objects that something names."""
        named = {mark(key) for key in (self.source, *self.captions.values()) if key}
        return named.union(self.pictures, *self.renditions.values())

    def forget(self, encode_id: str, names: Collection[str]) -> None:
        """Renditions of an encode are listed no more, all of them where none is named."""
        gone = [of for of in self.renditions if of[0] == encode_id and (not names or of[1] in names)]
        for of in gone:
            del self.renditions[of]


def mark(key: str) -> int:
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest())


class Named:
    """All videos of the log. Raises nothing for an event that says nothing of objects."""

    def __init__(self) -> None:
        self._videos: defaultdict[str, OfVideo] = defaultdict(OfVideo)
        self._spared: set[str] = set()
        self._open: dict[str, int] = {}  # unfinished uploads of parts: the store's id, and when it expires
        self._looked_at: tuple[str, set[int]] = ("", set())

    def __len__(self) -> int:
        return len(self._videos)

    def take(self, event: Event, clock: int) -> None:
        """Note an event that was logged at `clock` (ms)."""
        of = self._videos[event.partition_key]
        match event:
            case uploads.UploadStarted():
                of.source = event.store_key
                if event.store_upload_id:
                    self._open[event.store_upload_id] = event.expires_at
            case uploads.UploadCompleted():
                of.whole = True
            case uploads.UploadAborted() | uploads.UploadExpired():
                of.given_up = True
            case videos.VideoDeleted():
                of.deleted = True
            case videos.CaptionAdded():
                of.captions[event.language, event.origin] = event.key
            case videos.CaptionRemoved():
                of.captions = {place: key for place, key in of.captions.items() if place[0] != event.language}
            case encodes.SegmentStored():
                marks = of.renditions.setdefault((event.encode_id, event.rendition), array("Q"))
                marks.extend((mark(event.key), mark(event.init_key)))
            case encodes.ThumbnailsMade():
                of.pictures.extend(map(mark, _pictures(event)))
            case encodes.SegmentsDiscarded():
                of.forget(event.encode_id, event.renditions)
            case encodes.RenditionFailed():
                of.forget(event.encode_id, [event.rendition])
            case _ if event.topic == reports.EncodePlanned.topic:
                of.reported = max(of.reported, clock)
            case _:
                pass

    def spare(self, video_id: str) -> None:
        """Something is said of a video that can't be read: all that it has stays."""
        self._spared.add(video_id)

    def orphaned(self, key: str, modified: int, now: int) -> Reason | None:
        """Why nobody wants an object any more, last written at `modified` (ms); None: it stays.

        Cheapest for objects that come in the order of their names.
        """
        video_id = video_of(key)
        if video_id is None or video_id in self._spared or modified > now - YOUNG:
            return None
        if (of := self._videos.get(video_id)) is None:
            return "unknown video"
        if of.deleted:
            return "deleted video"
        if key.startswith(SOURCES):
            return _source(of, key)
        if of.reported > now - IN_FLIGHT or mark(key) in self._wanted(video_id, of):
            return None
        return "named by nothing"

    def abandoned(self, upload_id: str, started: int, now: int) -> bool:
        """Whether nobody will finish an upload of parts that the store has had since `started` (ms)."""
        return started < now - YOUNG and self._open.get(upload_id, 0) < now - LATE_PARTS

    def _wanted(self, video_id: str, of: OfVideo) -> set[int]:
        if self._looked_at[0] != video_id:
            self._looked_at = (video_id, of.wanted())
        return self._looked_at[1]


def _source(of: OfVideo, key: str) -> Reason | None:
    """Of a source that is whole its parts are wanted no more."""
    if not of.source:
        return "unknown video"
    if of.given_up:
        return "upload given up"
    return "named by nothing" if of.whole and key != of.source else None


def _pictures(made: encodes.ThumbnailsMade) -> Iterator[str]:
    yield made.poster_key
    yield from (thumbnail.key for thumbnail in made.thumbnails)
    yield from made.sheets
    yield from (key for key in (made.storyboard_key, made.preview_key) if key)
