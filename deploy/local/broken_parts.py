"""Clear away what broken-off part uploads leave behind in S3Proxy's folder.

S3Proxy 3.1 (filesystem-nio2) writes part N of an upload to a file named `…-N-<uuid>` and renames it to `…-N` at the
end. A client that goes away in between leaves that file there, and while one lies there ListParts and
CompleteMultipartUpload of the whole upload answer 400: it could be neither resumed nor completed.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

EVERY_SECONDS = 5
STILL_SECONDS = 20  # a client that sends nothing for so long has to send its part again
UNFINISHED = re.compile(r"-\d+-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")


async def keep_clear(data: Path) -> None:
    """Clear the store's folder `data` every few seconds, for ever."""
    while True:
        await asyncio.to_thread(clear, data, time.time())
        await asyncio.sleep(EVERY_SECONDS)


def clear(data: Path, now: float) -> None:
    """Remove unfinished part files that nobody has written to for a while; `now` in Unix seconds."""
    for path in unfinished(data):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < now - STILL_SECONDS:
                path.unlink()


def unfinished(data: Path) -> Iterator[Path]:
    """Files of multipart uploads (`{bucket}/.mpus-…`) that are still being written, or were broken off."""
    for uploads in data.glob("*/.mpus-*"):
        candidates = uploads.rglob("*") if uploads.is_dir() else (uploads,)
        yield from (path for path in candidates if UNFINISHED.search(path.name))
