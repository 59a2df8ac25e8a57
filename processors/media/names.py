"""Object names in the bucket: content-addressed, so writing one twice is writing it once."""

from __future__ import annotations

import hashlib


def digest(data: bytes) -> str:
    """The first 128 bits of SHA-256, as 32 hex digits."""
    return hashlib.sha256(data).hexdigest()[:32]


def segment_key(video_id: str, rendition: str, data: bytes) -> str:
    return f"segments/{video_id}/{rendition}/{digest(data)}.m4s"


def init_key(video_id: str, rendition: str, data: bytes) -> str:
    return f"segments/{video_id}/{rendition}/{digest(data)}.mp4"


def text_key(video_id: str, language: str, data: bytes) -> str:
    """A WebVTT file, under the name of its track: `text-pt-br`."""
    return f"segments/{video_id}/text-{language.lower()}/{digest(data)}.vtt"


def picture_key(video_id: str, data: bytes, form: str = "jpg") -> str:
    """`form`: "jpg", "webp", or "vtt" for what says when which picture shows."""
    return f"pictures/{video_id}/{digest(data)}.{form}"


def picture_link(key: str) -> str:
    """A picture's address, relative to the video's own path."""
    return "pictures/" + key.rsplit("/", 1)[-1]


def link(key: str) -> str:
    """A segment's name as manifests write it, relative to the video's own path: `{rendition}/{name}`."""
    return "/".join(key.split("/")[-2:])
