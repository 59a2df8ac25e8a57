"""What the gateway has confirmed: the simulation's memory, from which alone the truth is computed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from gateway.simulate.guests import Guest
from gateway.simulate.watching import Seen


@dataclass(frozen=True)
class Session:
    """A viewing that the gateway began."""

    session_id: str
    video_id: str
    guest: Guest
    duration_ms: int

    @property
    def viewer(self) -> str:
        """The simulation's name of whoever watches."""
        return self.guest.name

    @property
    def began_at(self) -> int:
        """Ms since 1970 UTC: the first 48 bits of a UUIDv7 (RFC 9562, section 5.7)."""
        return uuid.UUID(self.session_id).int >> 80


@dataclass(frozen=True)
class Told:
    """A beacon as it was sent: the same on every repeat. `at`: ms since 1970 UTC."""

    at: int
    seen: Seen


@dataclass
class Confirmed:
    """Beacons are known by session and sequence, ratings by viewer and video (the last one stands).

    `events`: how many were accepted, repeats counted. `unknown`: requests that were given up without an answer, so
    that nobody can say whether they count. `refused`: what should not have been.
    """

    sessions: dict[str, Session] = field(default_factory=dict[str, Session])
    beacons: dict[tuple[str, int], Told] = field(default_factory=dict[tuple[str, int], Told])
    ratings: dict[tuple[str, str], int | None] = field(default_factory=dict[tuple[str, str], int | None])
    events: int = 0
    refused: list[str] = field(default_factory=list[str])
    unknown: int = 0

    @property
    def guests(self) -> dict[str, Guest]:
        """Who has watched anything, by name."""
        return {session.viewer: session.guest for session in self.sessions.values()}

    def told(self, session: Session, beacons: Iterable[Told]) -> None:
        """The gateway has accepted these beacons of the session, perhaps again."""
        self.sessions[session.session_id] = session
        for beacon in beacons:
            self.events += 1
            self.beacons[session.session_id, beacon.seen.sequence] = beacon

    def rated(self, viewer: str, video_id: str, stars: int | None) -> None:
        self.events += 1
        self.ratings[viewer, video_id] = stars

    def wrong(self, what: str) -> None:
        """Something of good traffic was refused: never right."""
        self.refused.append(what)
