"""Find the video a call is about, and hold who may see it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.access.caller import Caller, require_owner
from gateway.access.tokens import unauthorised
from gateway.problems import Problem, not_found
from gateway.reads import ENCODES, VIDEOS
from gateway.route import Call
from gateway.services import Services
from gateway.uploads.known import row_of
from gateway.videos.shown import owner_of, state_of, visible_to_all

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Known:
    """A video's rows; an upload without a video row has been announced only."""

    video_id: str
    upload: Row | None
    video: Row | None
    encode: Row | None

    @property
    def owner(self) -> str | None:
        return owner_of(self.upload, self.video)

    @property
    def deleted(self) -> bool:
        return bool((self.video or {}).get("deleted"))


async def known_video(services: Services, video_id: str) -> Known:
    """Raises a 404 problem for an unknown video."""
    upload, video, encode = await asyncio.gather(
        row_of(services, video_id),
        services.rows.get(VIDEOS, video_id=video_id),
        services.rows.get(ENCODES, video_id=video_id),
    )
    if upload is None and video is None:
        raise not_found("video", video_id)
    return Known(video_id, upload, video, encode)


async def seen_video(call: Call) -> Known:
    """The video in the path, deleted or not, if the caller may know of it; raises a 401, 403 or 404 problem."""
    known = await known_video(call.services, call.video_id)
    require_seen(call.known, known)
    return known


async def watchable(call: Call) -> Known:
    """The video in the path, if the caller may see it; raises a 401, 403, 404 or 410 problem."""
    known = await seen_video(call)
    if hidden_from(call.known, known):
        raise Problem(410, "deleted", "This video has been deleted.", "Watch another one.")
    return known


def hidden_from(caller: Caller | None, known: Known) -> bool:
    """Whether the video is deleted, or was given up, and not the caller's: nothing is said of it any more."""
    deleted = state_of(known.upload, known.video)[0] == "deleted"
    return deleted and not (caller and caller.owns(known.owner))


async def own_video(call: Call) -> Known:
    """The caller's video in the path; raises a 403, 404 or 410 problem."""
    known = await known_video(call.services, call.video_id)
    require_owner(call.caller, known.owner, "video")
    if known.deleted:
        raise Problem(410, "deleted", "This video has been deleted.", "A deleted video can't be brought back.")
    return known


def require_seen(caller: Caller | None, known: Known) -> None:
    if visible_to_all(known.video) or (caller and caller.owns(known.owner)):
        return
    if caller is None:
        raise unauthorised("This video is private.")
    raise Problem(403, "private", "This video is private.", "Ask its owner to share it.")
