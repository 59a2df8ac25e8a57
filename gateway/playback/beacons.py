"""Take what players report: POST /v1/beacons."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence

import msgspec

from gateway.measures import BEACONS, BEACONS_REFUSED
from gateway.playback.rates import Rate
from gateway.playback.sessions import admit
from gateway.playback.told import Beacon, Reader, Refused, beacons_in
from gateway.problems import Problem
from gateway.route import Call, Reply, read_bytes
from schemas.playback import PlaybackBeacon
from streams.positions import latest, positions_text

TYPES = ("application/json", "application/octet-stream", "text/plain")  # sendBeacon posts text/plain
MOST_BYTES = 256 << 10


class RefusedBeacon(msgspec.Struct, frozen=True):
    """`index`: which of the request's array. `code` is for programs, `detail` for people."""

    index: int
    code: str
    detail: str


class Taken(msgspec.Struct, frozen=True):
    """How many are in the log now, for good; up to which positions; and what was not taken."""

    accepted: int
    positions: list[str]
    refused: list[RefusedBeacon]


async def post_beacons(call: Call) -> Reply[Taken]:
    """Put players' beacons into the log. Accepted means confirmed; a beacon that is sent again changes nothing.

    Those that can't be taken are named, the others are taken. The body is an array of at most 200, as JSON, whatever
    its content type says of JSON or plain text.
    """
    admit(call)
    told = beacons_in(await read_bytes(call.request, MOST_BYTES, TYPES))
    admit(call, max(0, len(told) - 1))
    taken, refused = _sorted(told, Reader(call.services.tokens, time.time_ns() // 1_000_000), call.services.sessions)
    for code, count in Counter(reason.code for _, reason in refused).items():
        BEACONS_REFUSED.labels(code).inc(count)
    if refused and not taken:
        raise _problem(refused)
    positions = latest(await call.post_all(taken))
    BEACONS.inc(len(taken))
    named = [RefusedBeacon(index, reason.code, reason.detail) for index, reason in refused]
    return Reply(Taken(len(taken), [str(p) for p in positions], named), position=positions_text(positions))


def _sorted(
    told: Sequence[Beacon | Refused], reader: Reader, sessions: Rate
) -> tuple[list[PlaybackBeacon], list[tuple[int, Refused]]]:
    """What is taken, and by its index what is not."""
    taken: list[PlaybackBeacon] = []
    refused: list[tuple[int, Refused]] = []
    for index, one in enumerate(told):
        try:
            taken.append(_taken(one, reader, sessions))
        except Refused as reason:
            refused.append((index, reason))
    return taken, refused


def _taken(told: Beacon | Refused, reader: Reader, sessions: Rate) -> PlaybackBeacon:
    if isinstance(told, Refused):
        raise told
    beacon = reader.beacon(told)
    if wait := sessions.wait(beacon.session_id):
        raise Refused(429, "too-many", f"The session posts too fast; send this again after {wait} s.", wait)
    return beacon


def _problem(refused: Sequence[tuple[int, Refused]]) -> Problem:
    """Nothing was taken: the first reason stands for all."""
    reason = refused[0][1]
    more = f" ({len(refused)} beacons, none taken)" if len(refused) > 1 else ""
    return Problem(
        reason.status, reason.code, reason.detail + more, "Correct what is named and send it again.",
        retry_after=reason.retry_after,
    )  # fmt: skip
