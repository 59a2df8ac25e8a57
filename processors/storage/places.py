"""Where the objects of a video lie in the store. Pure."""

from __future__ import annotations

import re
import uuid

SOURCES, SEGMENTS, PICTURES = "sources/", "segments/", "pictures/"
UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
KEY = re.compile(rf"^(?:sources/({UUID})(?:\.parts/.+)?|(?:segments|pictures)/({UUID})/.+)$")


TEXT = re.compile(rf"^segments/{UUID}/text-")


class NotOfVideo(ValueError):
    """A task names an object, or a folder, that is not its video's."""


def folders(video_id: str) -> tuple[str, ...]:
    """What the keys of a video's objects begin with; raises NotOfVideo for what is no id."""
    try:
        name = str(uuid.UUID(video_id))
    except ValueError:
        raise NotOfVideo(f"{video_id!r} is no video's id: nothing is removed") from None
    return f"{SOURCES}{name}", f"{SEGMENTS}{name}/", f"{PICTURES}{name}/"


def segments(video_id: str, rendition: str = "") -> str:
    """What the keys of its segments begin with, those of one rendition if it is named; raises NotOfVideo."""
    folder = folders(video_id)[1]
    return f"{folder}{rendition}/" if rendition else folder


def is_text(key: str) -> bool:
    """Whether an object holds captions."""
    return TEXT.match(key) is not None


def video_of(key: str) -> str | None:
    """The video that an object belongs to by its name; None for an object that is none of a video's."""
    found = KEY.match(key)
    return (found[1] or found[2]) if found else None


def of_video(key: str, video_id: str) -> bool:
    return video_of(key) == video_id
