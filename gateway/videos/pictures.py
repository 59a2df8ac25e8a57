"""A video's pictures: which there are, where they are served, and which one stands for it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from processors.media.names import picture_link

Row = Mapping[str, Any]
POSTER, STORYBOARD, PREVIEW = "poster.jpg", "storyboard.vtt", "preview.webp"  # names under a video's media
AUTOMATIC = -1  # no moment was chosen


class Thumbnail(msgspec.Struct, frozen=True):
    """A picture of one moment, a JPEG: `at_ms` from the video's start names it."""

    at_ms: int
    width: int
    height: int
    address: str


class _Taken(msgspec.Struct, frozen=True):
    key: str
    width: int
    height: int
    at_ms: int


def thumbnails_of(encode: Row | None, media: str) -> list[Thumbnail]:
    """The moments that were taken, by time."""
    return [Thumbnail(one.at_ms, one.width, one.height, f"{media}/{picture_link(one.key)}") for one in _taken(encode)]


def chosen(encode: Row | None, video: Row | None) -> str | None:
    """The object of the moment that the owner chose; None where that was left to us, or is not there."""
    wanted = (video or {}).get("poster_at_ms")
    if wanted is None or wanted == AUTOMATIC:
        return None
    return next((one.key for one in _taken(encode) if one.at_ms == wanted), None)


def keys_of(encode: Row | None, video: Row | None) -> dict[str, str]:
    """The object behind each name that there is."""
    row = encode or {}
    keys = {
        POSTER: chosen(encode, video) or row.get("poster_key"),
        STORYBOARD: row.get("storyboard_key"),
        PREVIEW: row.get("preview_key"),
    }
    return {name: key for name, key in keys.items() if key}


def addresses_of(encode: Row | None, video: Row | None, media: str) -> dict[str, str]:
    """Where each is. A chosen poster has the address of its content: nobody sees the former one in a cache."""
    found = {name: f"{media}/{name}" for name in keys_of(encode, video)}
    if key := chosen(encode, video):
        found[POSTER] = f"{media}/{picture_link(key)}"
    return found


def moments_of(encode: Row | None) -> list[int]:
    """What `poster_at_ms` may be set to."""
    return [one.at_ms for one in _taken(encode)]


def _taken(encode: Row | None) -> list[_Taken]:
    return msgspec.json.decode((encode or {}).get("thumbnails") or "[]", type=list[_Taken])
