"""Rate a video, or take the rating back: PUT and DELETE /v1/videos/{video_id}/rating."""

from __future__ import annotations

import msgspec

from gateway.playback.sessions import require_room
from gateway.problems import FieldError, Problem, invalid
from gateway.route import Call, Reply
from gateway.uploads.identity import command_id
from gateway.videos.known import watchable
from schemas.ratings import RatingWithdrawn, VideoRated

FEWEST, MOST = 1, 5


class Rating(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From 1 (worst) to 5."""

    stars: int


class Rated(msgspec.Struct, frozen=True):
    """What the caller gives the video from now on, null for nothing; in the log at `position`."""

    video_id: str
    stars: int | None
    position: str


async def rate_video(call: Call, body: Rating) -> Reply[Rated]:
    """Give a video stars, in place of those given before: every viewer counts once."""
    if not FEWEST <= body.stars <= MOST:
        raise invalid([FieldError("stars", f"must be {FEWEST} to {MOST}")])
    video_id = await _ratable(call)
    command = f"rate {video_id} {body.stars}"
    rated = VideoRated(
        event_id=command_id(command, call.caller.owner, call.idempotency_key),
        viewer_id=call.caller.owner, video_id=video_id, stars=body.stars,
    )  # fmt: skip
    position = str(await call.post(rated))
    return Reply(Rated(video_id, body.stars, position), position=position)


async def withdraw_rating(call: Call) -> Reply[Rated]:
    """Take the rating back. Where there is none, nothing changes."""
    video_id = await _ratable(call)
    withdrawn = RatingWithdrawn(
        event_id=command_id(f"withdraw {video_id}", call.caller.owner, call.idempotency_key),
        viewer_id=call.caller.owner, video_id=video_id,
    )  # fmt: skip
    position = str(await call.post(withdrawn))
    return Reply(Rated(video_id, None, position), position=position)


async def _ratable(call: Call) -> str:
    """The id of the video in the path; raises a 403, 404 or 410 problem where it is not the caller's to rate.

    And a 429 problem where their address asks too much.
    """
    require_room(call, call.services.queries)
    known = await watchable(call)
    if known.deleted:
        raise Problem(410, "deleted", "This video has been deleted.", "Its score can't change any more.")
    return known.video_id
