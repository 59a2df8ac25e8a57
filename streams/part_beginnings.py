"""What S3Proxy keeps of a part whose connection broke, and how one goes on all the same.

A part is written to `.mpus-{upload}-{key}-{number}-{uuid}` first, a whole one is `.mpus-{upload}-{key}-{number}`. A
broken connection leaves its beginning there for good, and while there is one, left or growing, S3Proxy 3.1 answers
400 to the listing, the completion and the abortion of that upload: it takes `{number}-{uuid}` for a part's number.
Other stores keep no such objects, so nothing is found in them and nothing is done.
"""

from __future__ import annotations

import re

from streams.objects import Head, Objects

BEGINNING = re.compile(r"\d+-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


async def beginnings(objects: Objects, key: str, upload_id: str) -> list[Head]:
    """Parts that were begun and are not whole, left over or still on their way."""
    prefix = _prefix(key, upload_id)
    return [head async for head in objects.list(prefix) if BEGINNING.fullmatch(head.key.removeprefix(prefix))]


async def whole_parts(objects: Objects, key: str, upload_id: str) -> dict[int, Head]:
    """The parts of an upload by number, where the store won't list them as such."""
    prefix = _prefix(key, upload_id)
    named = {head.key.removeprefix(prefix): head async for head in objects.list(prefix)}
    return {int(name): head for name, head in named.items() if name.isdigit()}


async def sweep(objects: Objects, key: str, upload_id: str) -> None:
    """Remove all beginnings; a part that was still on its way has to be sent again."""
    for head in await beginnings(objects, key, upload_id):
        await objects.delete(head.key)


def _prefix(key: str, upload_id: str) -> str:
    return f".mpus-{upload_id}-{key}-"
