"""Begin to watch: POST /v1/videos/{video_id}/playback."""

from __future__ import annotations

import time

import msgspec

from gateway.access.visitors import Visitor, viewer_of
from gateway.playback.address import counted_as
from gateway.playback.rates import Rate
from gateway.playback.tokens import LIFETIME, Session
from gateway.problems import Problem
from gateway.route import Call, Reply
from gateway.uploads.identity import uuid7
from gateway.videos.known import Known, watchable
from gateway.videos.shown import EXPIRED, state_of

EVERY_MS = 10_000


class BeginPlayback(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`visitor`: what a client without an account calls itself, to be known as the same next time."""

    visitor: Visitor | None = None


class Playback(msgspec.Struct, frozen=True):
    """A session's id, what its beacons carry, until when (ms since 1970), and how often they are wanted."""

    session_id: str
    token: str
    expires_at: int
    every_ms: int


async def begin_playback(call: Call, body: BeginPlayback) -> Reply[Playback]:
    """A session of one viewer and one video that can be played, and the token its beacons are posted with."""
    admit(call)
    known = await watchable(call)
    require_playable(known)
    now = time.time_ns() // 1_000_000
    session = Session(
        session_id=uuid7(now), video_id=known.video_id, viewer_id=viewer_of(call, body.visitor),
        duration_ms=(known.video or {}).get("duration_ms") or 0, expires_at=now + LIFETIME,
    )  # fmt: skip
    token = call.services.tokens.make(session)
    return Reply(Playback(session.session_id, token, session.expires_at, EVERY_MS))


def admit(call: Call, cost: int = 1) -> None:
    """Raises a 429 problem where the client's address has posted too much."""
    require_room(call, call.services.addresses, cost)


def require_room(call: Call, rate: Rate, cost: int = 1) -> None:
    """Raises a 429 problem where the client's address is beyond `rate`."""
    request, proxies = call.request, call.services.options.proxies
    client = counted_as(request.remote or "", request.headers.get("X-Forwarded-For", ""), proxies)
    if wait := rate.wait(client, cost):
        raise Problem(
            429, "too-many", "Too much comes from this address.", "Send it again after the time in Retry-After.",
            retry_after=wait,
        )  # fmt: skip


def require_playable(known: Known) -> None:
    """Raises a 409 or 410 problem."""
    state, code, _ = state_of(known.upload, known.video)
    if state in ("deleted", "unpublished") or code == EXPIRED:
        raise Problem(410, "deleted", "This video can't be watched any more.", "Watch another one.")
    if not (known.video or {}).get("playable"):
        raise Problem(
            409, "not-playable", "This video can't be played yet.", "Ask again once it is `playable`.", retry_after=2
        )
