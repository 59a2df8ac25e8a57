"""The content type of a file by its name: containers that the standard table lacks."""

from __future__ import annotations

import mimetypes
from pathlib import PurePath

BY_ENDING = {
    ".mkv": "video/x-matroska", ".mov": "video/quicktime", ".m4v": "video/mp4", ".ts": "video/mp2t",
    ".mts": "video/mp2t", ".m2ts": "video/mp2t", ".mxf": "application/mxf", ".flv": "video/x-flv",
    ".webm": "video/webm", ".avi": "video/x-msvideo", ".wmv": "video/x-ms-wmv", ".ogv": "video/ogg",
    ".3gp": "video/3gpp", ".mpg": "video/mpeg", ".mpeg": "video/mpeg", ".mp4": "video/mp4",
}  # fmt: skip


def content_type(name: str) -> str:
    """`application/octet-stream` where the name tells nothing; the probe looks at the content anyway."""
    ending = PurePath(name).suffix.lower()
    return BY_ENDING.get(ending) or mimetypes.guess_type(name)[0] or "application/octet-stream"
