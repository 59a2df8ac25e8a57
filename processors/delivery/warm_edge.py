"""Ask the edge for a published video, so that its first viewers find all of it there.

In:      edge-tasks    (WarmRequested; share group)
Out:     edge-actions  (EdgeWarmed, by video)
Repeat:  safe: what the edge holds is a hit; the event is named by its task. A long film that does not fit into one
         delivery goes on in the next where this one ended

A manifest that is not there, or not whole, within two minutes is let go: nothing is lost but warmth. An edge that is
down, or slow, is waited out with the task in hand, and holds up no other work: `edge-tasks` is a share group of its
own. A release counts as a delivery, so after four of them (forty minutes) the task is a dead letter:
`playlog dlq replay warm_edge --all` asks again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

import httpx

from processors.delivery.edge import Edge
from processors.delivery.links import DASH, HLS, PLAYLIST, POSTER, named, whole
from schemas.edge_actions import EdgeWarmed
from schemas.edge_tasks import WarmRequested
from streams.event import Event, minutes, natural_id
from streams.processor import work
from streams.sinks import SinkDown

AT_ONCE = 4  # a viewer or two: those who watch meanwhile shall not feel it
PATIENCE = 120.0  # seconds until the views that manifests are rendered from must have followed the log
SOON, LATER = 1.0, 10.0  # seconds between two looks at manifests: the first pause, and the longest
GONE = 410
logger = logging.getLogger(__name__)


class EdgeDown(SinkDown):
    """The edge, or the gateway behind it, can't answer just now."""


class NotYet(RuntimeError):
    """A manifest is not there, or still grows."""


class Gone(Exception):
    """The video has been deleted since."""


@dataclass
class Warmed:
    """What was asked for, and how much of it was there before."""

    requests: int = 0
    hits: int = 0
    bytes: int = 0


@work(reads=WarmRequested, emits=EdgeWarmed, time_limit=minutes(10), slots=2)
async def warm_edge(task: WarmRequested, edge: Edge) -> AsyncIterator[Event]:
    """Manifests first, which name everything else. Nothing to tell where there is no edge, or no whole video."""
    if edge.media is None:
        logger.info("no edge to fill with video %s: PLAYLOG_EDGE is not set", task.video_id)
        return
    base = edge.media(task.video_id, time.time()) + "/"
    async with httpx.AsyncClient(base_url=base, timeout=30) as client:
        try:
            names, warmed = await _manifests(client)
            await _all(client, names, warmed)
        except Gone:
            logger.info("video %s was deleted before the edge was filled with it", task.video_id)
            return
        except NotYet as missing:
            logger.warning("the edge is not filled with video %s, which is not all there: %s", task.video_id, missing)
            return
    yield EdgeWarmed(
        event_id=natural_id(task.task_id, "warmed"),
        video_id=task.video_id,
        requests=warmed.requests,
        bytes=warmed.bytes,
        hits=warmed.hits,
    )


async def _manifests(client: httpx.AsyncClient) -> tuple[list[str], Warmed]:
    """Fetch every manifest once all are whole; the other files that they name. Raises NotYet after a while."""
    patience, pause = time.monotonic() + PATIENCE, SOON
    while True:
        try:
            warmed = Warmed()
            return await _named(client, warmed), warmed
        except NotYet:
            if time.monotonic() > patience:
                raise
            await asyncio.sleep(pause)
            pause = min(2 * pause, LATER)


async def _named(client: httpx.AsyncClient, warmed: Warmed) -> list[str]:
    files, waiting = {POSTER: None}, [HLS, DASH]
    while waiting:
        path = waiting.pop()
        text = (await _fetched(client, path, warmed, keep=True)).decode()
        if not whole(text):
            raise NotYet(f"{path} still grows")
        found = named(text)
        waiting += [name for name in found if name.endswith(PLAYLIST)]
        files |= dict.fromkeys(name for name in found if not name.endswith(PLAYLIST))
    return list(files)


async def _all(client: httpx.AsyncClient, names: Iterable[str], warmed: Warmed) -> None:
    """A few at a time; the first failure ends it."""
    waiting = iter(names)

    async def one_after_another() -> None:
        for name in waiting:
            await _fetched(client, name, warmed)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(one_after_another())
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None


async def _fetched(client: httpx.AsyncClient, path: str, warmed: Warmed, keep: bool = False) -> bytes:
    """Read one file to its end, so that the edge keeps it; its body where it is to be kept here too."""
    kept = bytearray()
    try:
        async with client.stream("GET", path) as answer:
            _require(answer, path)
            async for piece in answer.aiter_bytes():
                if keep:
                    kept += piece
    except httpx.HTTPError as error:
        raise EdgeDown(f"the edge does not answer for {path}: {error!r}") from error
    warmed.requests += 1
    warmed.bytes += answer.num_bytes_downloaded
    warmed.hits += "hit" in answer.headers.get("X-Cache", "").lower()  # HIT, "Hit from cloudfront", TCP_HIT
    return bytes(kept)


def _require(answer: httpx.Response, path: str) -> None:
    match answer.status_code:
        case 200:
            return
        case 404 if path == POSTER:  # not every video has one
            return
        case 404:
            raise NotYet(f"the edge finds no {path}")
        case code if code == GONE:
            raise Gone
        case 429 | 500 | 502 | 503 | 504:
            raise EdgeDown(f"the edge answers {answer.status_code} for {path}")
        case _:
            raise RuntimeError(
                f"the edge answers {answer.status_code} for {path}: its secret may be another than the worker's "
                "(PLAYLOG_MEDIA_SECRET), or PLAYLOG_EDGE may name something else"
            )
