"""Hand an object on to an HTTP client: ranges as RFC 9110 wants them, in pieces, memory bounded."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from streams.objects import Objects
from streams.store_errors import Missing, StoreRefused, told_apart

PIECE = 256 * 1024  # bytes
RANGE = re.compile(r"bytes=(?:(\d+)-(\d*)|-\d+)")
PASSED_ON = {
    "ContentLength": "Content-Length",
    "ContentRange": "Content-Range",
    "ContentType": "Content-Type",
    "CacheControl": "Cache-Control",
    "ETag": "ETag",
}


@dataclass(frozen=True)
class Answer:
    """What to send: 200, 206, 404 or 416, the headers and the body in pieces."""

    status: int
    headers: Mapping[str, str]
    pieces: AsyncIterator[bytes]


@asynccontextmanager
async def stream(objects: Objects, key: str, wanted: str | None = None) -> AsyncGenerator[Answer, None]:
    """Open an object for reading; `wanted` is a request's Range header, ignored where it is not one range.

    Leaving the block frees the connection, read to the end or not. Raises StoreDown.
    """
    ranged = {"Range": wanted} if wanted and _one_range(wanted) else {}
    try:
        found = await objects.call("get_object", key, Key=key, **ranged)
    except Missing:
        yield Answer(404, {}, _nothing())
        return
    except StoreRefused as error:
        if "InvalidRange" not in str(error):
            raise
        size = (await objects.head(key)).size
        yield Answer(416, {"Content-Range": f"bytes */{size}"}, _nothing())
        return
    async with found["Body"] as body:
        headers = {name: str(found[field]) for field, name in PASSED_ON.items() if found.get(field) is not None}
        status = 206 if "Content-Range" in headers else 200
        yield Answer(status, {"Accept-Ranges": "bytes", **headers}, _pieces(key, body))


def _one_range(wanted: str) -> bool:
    """Whether it is one well-formed range; RFC 9110 14.2 lets a server ignore all else."""
    found = RANGE.fullmatch(wanted)
    return found is not None and not (found[2] and int(found[1]) > int(found[2]))


async def _pieces(key: str, body: Any) -> AsyncIterator[bytes]:
    with told_apart(key):
        while piece := await body.read(PIECE):
            yield piece


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""
