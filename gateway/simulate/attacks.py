"""What nobody should send: each request with the answers that are right. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

MANY = 200  # beacons in a request
TEN_MIB = b'["' + b"x" * (10 << 20) + b'"]'
NOBODY = "00000000-0000-7000-8000-000000000000"
SEARCHES = (
    '"*:* OR visibility:private', "state:failed AND title:*", "{\"match_all\":{}}", "title^1000 -(", "/[a-z]*/~9",
    "<script>alert(1)</script>", "'; DROP TABLE videos; --", "\\u0000\u202e\ufeff", "a" * 5000, "../../_all/_search",
)  # fmt: skip


@dataclass(frozen=True)
class Attack:
    """A request; `right`: the statuses it may be answered with."""

    name: str
    method: str
    path: str
    right: tuple[int, ...]
    body: bytes = b""
    query: tuple[tuple[str, str], ...] = ()
    bearer: str | None = None


@dataclass(frozen=True)
class Prey:
    """What an attacker holds: a session of their own with its token, a stranger's session, a viewer's own bearer."""

    video_id: str
    duration_ms: int
    session_id: str
    token: str
    foreign_session_id: str
    bearer: str


def attacks(prey: Prey) -> Iterator[Attack]:
    """All of them, cheap ones first."""
    yield from _beacons(prey)
    yield from _ratings(prey)
    yield from _strangers(prey)
    yield from _searches()
    yield from _bodies(prey)


def beacon(prey: Prey, **changed: Any) -> dict[str, Any]:
    """A good beacon that says that ten seconds were watched, but for what is changed."""
    good = {"token": prey.token, "sequence": 7, "kind": "playing", "at": 1_767_225_600_000, "position_ms": 0}
    return {**good, "advanced_ms": 10_000, **changed}


def forged(token: str) -> str:
    """With one letter changed in the middle, where every bit counts."""
    at = len(token) // 2
    return token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]


def _beacons(prey: Prey) -> Iterator[Attack]:
    wrong: dict[str, tuple[int, dict[str, Any]]] = {
        "a forged token": (403, {"token": forged(prey.token)}),
        "no token at all": (403, {"token": "bm90IGEgdG9rZW4"}),
        "a foreign session": (403, {"session_id": prey.foreign_session_id}),
        "a position beyond the end": (422, {"position_ms": prey.duration_ms + 3_600_000}),
        "a negative position": (422, {"position_ms": -1}),
        "a negative advance": (422, {"advanced_ms": -10_000}),
        "a day in one beacon": (422, {"advanced_ms": 86_400_000}),
        "an endless stall": (422, {"stalled_ms": 1 << 60}),
        "a negative sequence": (422, {"sequence": -1}),
        "a number beyond all": (422, {"position_ms": 1 << 200}),
        "a fraction": (422, {"advanced_ms": 0.5}),
        "the year 300000": (422, {"at": 9_000_000_000_000_000}),
        "an unknown kind": (422, {"kind": "teleported"}),
        "a field of their own": (422, {"viewer_id": "acct-" + "0" * 32}),
        "a rendition with markup": (422, {"rendition": "<img src=x>"}),
    }
    for name, (status, changed) in wrong.items():
        yield Attack(f"beacon: {name}", "POST", "/v1/beacons", (status,), _json([beacon(prey, **changed)]))
    yield Attack("beacon: not a number", "POST", "/v1/beacons", (400, 422), b'[{"sequence": NaN}]')
    yield Attack("beacon: no array", "POST", "/v1/beacons", (400, 422), b'{"token": "x"}')
    yield Attack("beacon: too many", "POST", "/v1/beacons", (413,), _json([beacon(prey)] * (MANY + 1)))
    yield Attack("beacon: nested without end", "POST", "/v1/beacons", (400, 422), b"[" * 100_000)


def _ratings(prey: Prey) -> Iterator[Attack]:
    path = f"/v1/videos/{prey.video_id}/rating"
    for stars in (0, 6, -1, 10**12, 2.5, "five", None):
        body = _json({"stars": stars})
        yield Attack(f"rating: {stars} stars", "PUT", path, (422,), body, bearer=prey.bearer)
    yield Attack("rating: nobody", "PUT", path, (401,), _json({"stars": 1}))
    yield Attack("rating: a forged account", "PUT", path, (401,), _json({"stars": 1}), bearer=forged(prey.bearer))


def _strangers(prey: Prey) -> Iterator[Attack]:
    for video in (NOBODY, "nonsense", "..%2f..%2fetc", "%00"):
        yield Attack(f"unknown video {video}", "POST", f"/v1/videos/{video}/playback", (404,), b"{}")
        yield Attack(f"unknown video {video}", "GET", f"/v1/videos/{video}/analytics", (404,))
        yield Attack(f"unknown video {video}", "GET", f"/v1/videos/{video}/next", (404,))
        body = _json({"stars": 5})
        yield Attack(f"unknown video {video}", "PUT", f"/v1/videos/{video}/rating", (404,), body, bearer=prey.bearer)
    view = [{"type": "ViewCounted", "video_id": prey.video_id, "session_id": prey.session_id, "viewer_id": "anon-x"}]
    yield Attack("events: of a viewer", "POST", "/v1/events/view-counts", (403,), _json(view), bearer=prey.bearer)
    yield Attack("events: of nobody", "POST", "/v1/events/view-counts", (401,), _json(view))
    path, title = f"/v1/videos/{prey.video_id}", _json({"title": "Mine"})
    yield Attack("somebody else's video", "PATCH", path, (403,), title, bearer=prey.bearer)
    yield Attack("somebody else's video", "DELETE", path, (403,), bearer=prey.bearer)
    long = (("visitor", "v" * 65),)
    yield Attack("a visitor too long", "GET", "/v1/recommendations", (422,), query=long)


def _searches() -> Iterator[Attack]:
    for text in SEARCHES:
        for path in ("/v1/search", "/v1/suggest"):
            yield Attack(f"search: {text[:20]}", "GET", path, (200, 422), query=(("q", text),))
    yield Attack("search: a forged cursor", "GET", "/v1/search", (422,), query=(("q", "sea"), ("cursor", "AAAA")))
    yield Attack("trending: an unknown window", "GET", "/v1/trending", (422,), query=(("window", "1y"),))
    yield Attack(
        "analytics: too many hours", "GET", f"/v1/videos/{NOBODY}/analytics", (404, 422), query=(("hours", "-1"),)
    )


def _bodies(prey: Prey) -> Iterator[Attack]:
    video = f"/v1/videos/{prey.video_id}"
    yield Attack("10 MiB of beacons", "POST", "/v1/beacons", (413,), TEN_MIB)
    yield Attack("10 MiB to begin", "POST", f"{video}/playback", (413,), TEN_MIB)
    yield Attack("10 MiB of stars", "PUT", f"{video}/rating", (413,), TEN_MIB, bearer=prey.bearer)


def _json(body: object) -> bytes:
    return msgspec.json.encode(body)
