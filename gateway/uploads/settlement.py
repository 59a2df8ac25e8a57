"""Wait for the settling fold's word on an upload, for a bounded time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from gateway.after import reached
from gateway.problems import Problem
from gateway.reads import UPLOAD_VIEWS
from gateway.services import Services
from gateway.uploads.bodies import Settled
from gateway.uploads.known import row_of
from gateway.videos.feed import CutOff, Subscription
from schemas.uploads import CompletionRefused, UploadAborted, UploadCompleted, UploadExpired
from streams.event import Event
from streams.positions import Position
from streams.tail import Recorded

LOOK_AGAIN = 1.0  # seconds; the live events come sooner, the row also tells of what was settled before


class Verdict(NamedTuple):
    """What settled an upload, and the position behind which every view shows it."""

    event: Event
    position: Position


class Settlement:
    """Live events of one upload, heard from before its command is posted."""

    def __init__(self, services: Services, video_id: str, heard: Subscription) -> None:
        self._services, self._video_id, self._heard = services, video_id, heard

    async def after(self, posted: Position, wait: float) -> Verdict | None:
        """What settled the upload or refused its completion after `posted`; None if `wait` s pass first."""
        try:
            async with asyncio.timeout(wait):
                while True:
                    if heard := await self._next(posted):
                        return heard
                    if found := await self._looked_up(posted):
                        return Verdict(found, posted)
        except TimeoutError:
            return None

    async def _next(self, posted: Position) -> Verdict | None:
        try:
            async with asyncio.timeout(LOOK_AGAIN):
                async for logged in self._heard:
                    later = logged.position.topic == posted.topic and logged.position.offset > posted.offset
                    if later and isinstance(logged.event, Settling) and await self._tellable(logged):
                        return Verdict(logged.event, logged.position)
        except TimeoutError:
            pass
        except CutOff:  # more was said about this video than is held for a listener; the row tells too
            await asyncio.sleep(LOOK_AGAIN)
        return None

    async def _tellable(self, logged: Recorded) -> bool:
        """A refusal is told once the row has it: by the row the next completion is told apart from this one."""
        if not isinstance(logged.event, CompletionRefused):
            return True
        return await reached(self._services.positions, UPLOAD_VIEWS, logged.position, LOOK_AGAIN)

    async def _looked_up(self, posted: Position) -> Event | None:
        shown = await reached(self._services.positions, UPLOAD_VIEWS, posted, LOOK_AGAIN)
        row = await row_of(self._services, self._video_id) or {}
        match row.get("state"):
            case "completed":
                return UploadCompleted(
                    video_id=self._video_id, owner=row["owner"], filename=row["filename"], size=row["size"],
                    content_type=row["content_type"], store_key=row["store_key"], etag=row["etag"],
                )  # fmt: skip
            case "aborted":
                return UploadAborted(video_id=self._video_id)
            case "expired":
                return UploadExpired(video_id=self._video_id)
            case "open" if shown and (row.get("refused_at") or 0) >= (row.get("completion_requested_at") or 1):
                return CompletionRefused(video_id=self._video_id, code=row["code"], reason=row["reason"])
            case _:
                return None


Settling = UploadCompleted | CompletionRefused | UploadAborted | UploadExpired


@asynccontextmanager
async def listening(services: Services, video_id: str) -> AsyncIterator[Settlement]:
    """Hear what becomes of an upload; entered before the command is posted, so that nothing is missed."""
    with services.feed.subscribe(video_id) as heard:
        yield Settlement(services, video_id, heard)


def refused(event: CompletionRefused) -> Problem:
    """The fold's refusal as a problem: 409 for a settled upload, 422 for what the store lacks."""
    status = 409 if event.code.startswith("upload_") else 422
    return Problem(status, event.code, event.reason, video_id=event.video_id)


def settled(verdict: Verdict, video_id: str) -> Settled:
    position = str(verdict.position)
    match verdict.event:
        case UploadCompleted():
            return Settled(video_id, "completed", position)
        case UploadAborted():
            return Settled(video_id, "aborted", position)
        case _:
            return Settled(video_id, "expired", position)
