"""One video, and lists of them: GET /v1/videos/{video_id}, GET /v1/videos?owner=."""

from __future__ import annotations

import asyncio
import time

import msgspec

from gateway.access.caller import Caller
from gateway.captions.shown import captions_of
from gateway.cursors import decoded, encoded
from gateway.playback.counts import views_of
from gateway.problems import FieldError, Problem, invalid
from gateway.ratings.scores import score_in, stars_in
from gateway.reads import BY_OWNER, CAPTIONS, SCORES, VIEWER_RATINGS
from gateway.route import Call, Reply
from gateway.services import Services
from gateway.videos.known import Known, hidden_from, known_video, seen_video
from gateway.videos.shown import Video, shown, state_of
from streams.rows import Row

PAGE = 24
LARGEST_PAGE = 100
MOST_CAPTIONS = 1_000


class LibraryQuery(msgspec.Struct, frozen=True):
    """`owner`: `me` or an account's pseudonym. `cursor`: from the page before."""

    owner: str = "me"
    cursor: str | None = None
    limit: int = PAGE


class VideoPage(msgspec.Struct, frozen=True):
    """Videos, newest first; `cursor` is null on the last page."""

    videos: list[Video]
    cursor: str | None


async def show_video(call: Call) -> Reply[Video]:
    """A video as it stands: what it is, how far it is, where it plays. Of a deleted one others see just that."""
    known, rows = await seen_video(call), call.services.rows
    if hidden_from(call.known, known):
        return Reply(Video(video_id=known.video_id, title="", state="deleted"))
    video, score, mine = await asyncio.gather(
        video_of(call.services, call.known, known),
        rows.get(SCORES, video_id=known.video_id),
        _ratings_of(call),
    )
    return Reply(msgspec.structs.replace(video, rating=score_in(score), my_stars=stars_in(mine, known.video_id)))


async def _ratings_of(call: Call) -> Row | None:
    """What the caller gives videos; nobody in particular gives nothing, and has no row that could be read."""
    return await call.services.rows.get(VIEWER_RATINGS, viewer_id=call.known.owner) if call.known else None


async def video_of(services: Services, caller: Caller | None, known: Known, in_full: bool = True) -> Video:
    """Without `in_full`, a finished video comes without its renditions: a page of them reads no segments."""
    media = services.links.media(known.video_id, time.time())
    growing = (known.encode or {}).get("state") == "running"
    listed = await services.segments.of(known.video_id) if known.encode and (in_full or growing) else None
    views = await views_of(services, known.video_id)
    texts = await services.rows.list(CAPTIONS, limit=MOST_CAPTIONS, video_id=known.video_id) if in_full else []
    renditions, done = (listed.renditions, listed.stored) if listed else ([], 0)
    mine = caller is not None and caller.owner == known.owner
    return shown(
        known.video_id,
        known.upload,
        known.video,
        known.encode,
        renditions,
        done,
        media,
        mine,
        views,
        captions_of(texts),
    )


async def list_videos(call: Call, query: LibraryQuery) -> Reply[VideoPage]:
    """An owner's videos, newest first. Others see the public ones."""
    owner = call.caller.owner if query.owner == "me" else query.owner
    if not 1 <= query.limit <= LARGEST_PAGE:
        raise invalid([FieldError("limit", f"must be 1 to {LARGEST_PAGE}")])
    after = decoded(query.cursor, {"created_at": int, "video_id": str})
    rows = await call.services.rows.list(BY_OWNER, after=after, limit=query.limit, owner=owner)
    found = await asyncio.gather(
        *(_listed(call.services, call.known, row["video_id"]) for row in rows if not row.get("deleted"))
    )
    last = {name: rows[-1][name] for name in ("created_at", "video_id")} if len(rows) == query.limit else None
    return Reply(VideoPage([video for video in found if video], encoded(last)))


async def _listed(services: Services, caller: Caller | None, video_id: str) -> Video | None:
    try:
        known = await known_video(services, video_id)
    except Problem:
        return None
    public = (known.video or {}).get("visibility") == "public"
    hidden = state_of(known.upload, known.video)[0] in ("deleted",)
    if hidden or not (public or (caller and caller.owns(known.owner))):
        return None
    return await video_of(services, caller, known, in_full=False)
