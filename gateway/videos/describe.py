"""Change what is said about a video, or delete it: PATCH and DELETE /v1/videos/{video_id}."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from gateway.access.caller import require_owner
from gateway.after import behind, reached
from gateway.problems import FieldError, Problem, invalid
from gateway.route import Call, Reply
from gateway.uploads.admission import description_refusals
from gateway.uploads.bodies import Accepted
from gateway.videos.known import Known, known_video, own_video
from gateway.videos.pictures import AUTOMATIC, moments_of
from schemas.uploads import AbortRequested, Visibility
from schemas.videos import VideoDeleted, VideoDescribed
from streams.event import natural_id
from streams.positions import Position

WORDS = ("title", "description", "tags", "category", "language", "visibility")
DESCRIBED = (*WORDS, "poster_at_ms")


class Description(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The fields to change; those left out stay, null empties one.

    `poster_at_ms`: the thumbnail that shall be the poster, by its time; null leaves it to the platform.
    """

    title: str | msgspec.UnsetType = msgspec.UNSET
    description: str | msgspec.UnsetType | None = msgspec.UNSET
    tags: list[str] | msgspec.UnsetType | None = msgspec.UNSET
    category: str | msgspec.UnsetType | None = msgspec.UNSET
    language: str | msgspec.UnsetType | None = msgspec.UNSET
    visibility: Visibility | msgspec.UnsetType = msgspec.UNSET
    poster_at_ms: int | msgspec.UnsetType | None = msgspec.UNSET

    @property
    def changes(self) -> dict[str, object]:
        given = {name: getattr(self, name) for name in DESCRIBED}
        return {name: value for name, value in given.items() if value is not msgspec.UNSET}


async def describe_video(call: Call, body: Description) -> Reply[Accepted]:
    """Describe the video anew. The last description stands; the same words again change nothing."""
    await _own_writes_shown(call)
    known = await own_video(call)
    position = await call.post(merged(call.video_id, known.owner or "", known.video, body, moments_of(known.encode)))
    call.services.described.put(call.video_id, position)
    return Reply(Accepted(call.video_id, str(position)), position=str(position))


async def _own_writes_shown(call: Call) -> None:
    """Wait for this gateway's last change of the video: the next is made on top of it."""
    services, last = call.services, call.services.described.get(call.video_id)
    if last and not await reached(services.positions, ("show_video",), last, services.options.after_wait):
        raise behind(last)


def merged(
    video_id: str, owner: str, row: Mapping[str, Any] | None, body: Description, moments: Sequence[int] = ()
) -> VideoDescribed:
    """The row's description with the body's changes; raises a 422 problem for what is not accepted.

    The event holds the whole description. An empty cell of the row is a word that was emptied. `moments`: the times
    of the video's thumbnails.
    """
    changes = body.changes
    if not changes:
        raise invalid([FieldError("body", f"names none of {', '.join(DESCRIBED)}")])
    if row is None:
        raise Problem(
            409, "not-described", "The video's first description is still on its way.", "Try again in a moment.",
            retry_after=1,
        )  # fmt: skip
    words: dict[str, Any] = {name: changes.get(name, row.get(name) or None) for name in WORDS}
    checked = (words["title"] or "", words["description"], words["tags"], words["category"], words["language"])
    if errors := description_refusals(*checked):
        raise invalid(errors)
    poster: Any = changes.get("poster_at_ms", row.get("poster_at_ms"))
    if "poster_at_ms" in changes and poster is not None and poster not in moments:
        raise invalid([FieldError("poster_at_ms", f"must be a thumbnail's at_ms: {', '.join(map(str, moments))}")])
    return VideoDescribed(
        video_id=video_id, owner=owner, title=words["title"].strip(), description=words.get("description") or "",
        tags=tuple(tag.strip() for tag in words.get("tags") or ()), category=words.get("category"),
        language=words.get("language"), visibility=words.get("visibility") or "public",
        poster_at_ms=None if poster == AUTOMATIC else poster,
    )  # fmt: skip


async def delete_video(call: Call) -> Reply[Accepted]:
    """Delete the video; its encode is stopped, an unfinished upload given up. Deleting again is harmless."""
    known = await known_video(call.services, call.video_id)
    require_owner(call.caller, known.owner, "video")
    position = str(await put_away(call, known))
    return Reply(Accepted(call.video_id, position), position=position)


async def put_away(call: Call, known: Known) -> Position:
    """Delete a video whose owner the caller is; where that stands in the log."""
    video_id = known.video_id
    if (known.upload or {}).get("state") == "open":
        await call.post(AbortRequested(event_id=natural_id("delete", video_id, "abort"), video_id=video_id))
    owner = known.owner or ""
    return await call.post(VideoDeleted(event_id=natural_id("delete", video_id), video_id=video_id, owner=owner))
