"""What a player tells: one beacon as it is posted, and what is wrong with one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated

import msgspec
from msgspec import Meta

from gateway.playback.tokens import LONGEST, Forged, Session, Tokens
from gateway.problems import Problem
from gateway.route import elements
from schemas.playback import BeaconKind, PlaybackBeacon
from streams.event import natural_id

MOST = 200  # beacons in a request
FAR_AHEAD = 5_000  # ms that a play head may be behind the end: tracks differ in length
SAME_CLOCK = 5_000  # ms: a clock that differs by less is left alone, the request was on its way
WEEK = 7 * 24 * 3600 * 1000
RANGE = re.compile(r"[<>]=|length|matching regex")

Milliseconds = Annotated[int, Meta(ge=0, le=WEEK)]
Time = Annotated[int, Meta(ge=0, le=253_402_300_800_000)]  # until the year 10000
Count = Annotated[int, Meta(ge=0, le=2_000_000_000)]


class Beacon(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`token` is of POST …/playback; `sequence` counts the session's beacons from 0, a repeat has the same.

    `at`: when, by the client's clock (ms since 1970); `sent_at`: the same clock when the request left.
    `advanced_ms`: media played, `stalled_ms`: time spent waiting, since the beacon before. `session_id`, if given,
    must be the token's.
    """

    token: Annotated[str, Meta(max_length=LONGEST)]
    sequence: Annotated[int, Meta(ge=0, le=1_000_000)]
    kind: BeaconKind
    at: Time
    position_ms: Milliseconds
    advanced_ms: Annotated[int, Meta(ge=0, le=60_000)] = 0
    stalled_ms: Annotated[int, Meta(ge=0, le=3_600_000)] = 0
    sent_at: Time | None = None
    session_id: str | None = None
    buffer_ms: Annotated[int, Meta(ge=0, le=86_400_000)] | None = None
    rendition: Annotated[str, Meta(pattern=r"^[\w.+-]{1,32}$")] | None = None
    throughput_kbps: Count | None = None
    dropped_frames: Count | None = None
    cmcd_session_id: Annotated[str, Meta(pattern=r"^[\x21-\x7e]{1,64}$")] | None = None
    code: Annotated[str, Meta(pattern=r"^[a-z0-9_]{1,64}$")] | None = None


class Refused(Exception):
    """A beacon that is not taken: `status` if it were alone, `code` for programs, the text for people."""

    def __init__(self, status: int, code: str, detail: str, retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.retry_after = status, code, detail, retry_after


@dataclass(frozen=True)
class Reader:
    """Reads what was posted at `now` (ms since 1970)."""

    tokens: Tokens
    now: int

    def beacon(self, told: Beacon) -> PlaybackBeacon:
        """The event; raises Refused."""
        session = self._session(told)
        if session.duration_ms and told.position_ms > session.duration_ms + FAR_AHEAD:
            raise Refused(
                422, "beyond-the-end", f"position_ms {told.position_ms} is behind the end at {session.duration_ms}."
            )
        return PlaybackBeacon(
            event_id=natural_id("beacon", session.session_id, told.sequence),
            occurred_at=happened(told.at, told.sent_at, self.now, session.began),
            session_id=session.session_id, sequence=told.sequence, video_id=session.video_id,
            viewer_id=session.viewer_id, kind=told.kind, position_ms=told.position_ms, advanced_ms=told.advanced_ms,
            stalled_ms=told.stalled_ms, duration_ms=session.duration_ms, buffer_ms=told.buffer_ms,
            rendition=told.rendition, throughput_kbps=told.throughput_kbps, dropped_frames=told.dropped_frames,
            cmcd_session_id=told.cmcd_session_id, code=told.code,
        )  # fmt: skip

    def _session(self, told: Beacon) -> Session:
        try:
            session = self.tokens.read(told.token)
        except Forged:
            raise Refused(403, "forged-token", "The token is not one of this installation.") from None
        if session.expires_at <= self.now:
            raise Refused(410, "expired-token", "The session is over; begin another by POST /v1/videos/…/playback.")
        if told.session_id not in (None, session.session_id):
            raise Refused(403, "foreign-session", "session_id is not the token's.")
        return session


def happened(at: int, sent_at: int | None, now: int, began: int) -> int:
    """When it happened, ms by the gateway's clock: neither before the session began nor after now."""
    ahead = 0 if sent_at is None or abs(sent_at - now) <= SAME_CLOCK else sent_at - now
    return min(max(at - ahead, began), now)


def beacons_in(raw: bytes) -> list[Beacon | Refused]:
    """Each element of the body's array: a beacon or what is wrong with it. Raises a 400, 413 or 422 problem.

    Read whole at first, which is quick; one by one where that fails.
    """
    try:
        told: list[Beacon | Refused] = [*msgspec.json.decode(raw, type=list[Beacon])]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        told = [*_one_by_one(elements(raw))]
    if len(told) > MOST:
        raise Problem(413, "too-many-beacons", f"{len(told)} beacons at once.", f"Send at most {MOST} in a request.")
    return told


def _one_by_one(items: Iterable[msgspec.Raw]) -> Iterator[Beacon | Refused]:
    for item in items:
        try:
            yield msgspec.json.decode(item, type=Beacon)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            text = str(error)
            yield Refused(422, "out-of-range" if RANGE.search(text) else "malformed", text)
