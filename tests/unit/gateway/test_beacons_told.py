"""What a player tells becomes an event, or is refused with a reason."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.playback.tokens import LIFETIME, Session, Tokens
from gateway.playback.told import MOST, Beacon, Reader, Refused, beacons_in, happened
from gateway.problems import Problem
from gateway.uploads.identity import uuid7
from schemas.playback import PlaybackBeacon
from streams.event import natural_id

BEGAN = 1_800_000_000_000
NOW = BEGAN + 60_000
TOKENS = Tokens.of("a secret")
SESSION = Session(uuid7(BEGAN), uuid7(BEGAN - 9), "anon-1", 60_000, BEGAN + LIFETIME)
TOLD: dict[str, Any] = {
    "token": TOKENS.make(SESSION), "sequence": 3, "kind": "playing", "at": BEGAN + 30_000, "position_ms": 30_000,
    "advanced_ms": 10_000,
}  # fmt: skip


def read(*told: object, now: int = NOW) -> list[PlaybackBeacon | Refused]:
    reader = Reader(TOKENS, now)
    found: list[PlaybackBeacon | Refused] = []
    for one in beacons_in(msgspec.json.encode(told)):
        try:
            found.append(one if isinstance(one, Refused) else reader.beacon(one))
        except Refused as reason:
            found.append(reason)
    return found


def codes(*told: object, now: int = NOW) -> list[str | None]:
    return [one.code if isinstance(one, Refused) else None for one in read(*told, now=now)]


def test_who_watches_what_is_the_token_s_word() -> None:
    [beacon] = read(TOLD)
    assert isinstance(beacon, PlaybackBeacon)
    assert (beacon.session_id, beacon.video_id) == (SESSION.session_id, SESSION.video_id)
    assert (beacon.viewer_id, beacon.duration_ms) == ("anon-1", 60_000)
    assert (beacon.occurred_at, beacon.advanced_ms) == (BEGAN + 30_000, 10_000)
    assert beacon.event_id == natural_id("beacon", SESSION.session_id, 3)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"token": "x"}, "forged-token"),
        ({"token": ""}, "forged-token"),
        ({"token": "x" * 500}, "out-of-range"),
        ({"token": Tokens.of("theirs").make(SESSION)}, "forged-token"),
        ({"session_id": uuid7(BEGAN)}, "foreign-session"),
        ({"session_id": SESSION.session_id}, None),
        ({"position_ms": 65_000}, None),
        ({"position_ms": 65_001}, "beyond-the-end"),
        ({"position_ms": -1}, "out-of-range"),
        ({"position_ms": 10**18}, "out-of-range"),
        ({"position_ms": 10**40}, "out-of-range"),
        ({"position_ms": "30000"}, "malformed"),
        ({"position_ms": None}, "malformed"),
        ({"position_ms": 1.5}, "malformed"),
        ({"position_ms": True}, "malformed"),
        ({"advanced_ms": 60_000}, None),
        ({"advanced_ms": 60_001}, "out-of-range"),
        ({"advanced_ms": -1}, "out-of-range"),
        ({"stalled_ms": -1}, "out-of-range"),
        ({"stalled_ms": 3_600_001}, "out-of-range"),
        ({"sequence": -1}, "out-of-range"),
        ({"sequence": 2**31}, "out-of-range"),
        ({"kind": "dancing"}, "malformed"),
        ({"at": -1}, "out-of-range"),
        ({"at": 10**18}, "out-of-range"),
        ({"buffer_ms": -1}, "out-of-range"),
        ({"throughput_kbps": 2**31}, "out-of-range"),
        ({"dropped_frames": -1}, "out-of-range"),
        ({"rendition": "720p"}, None),
        ({"rendition": "<script>"}, "out-of-range"),
        ({"cmcd_session_id": "x" * 65}, "out-of-range"),
        ({"code": "Not A Code"}, "out-of-range"),
        ({"viewer_id": "acct-somebody"}, "malformed"),
        ({"duration_ms": 1}, "malformed"),
    ],
)
def test_what_can_not_be_is_refused_by_code(change: dict[str, object], code: str | None) -> None:
    assert codes(TOLD | change) == [code]


def test_one_that_is_refused_takes_no_other_with_it() -> None:
    assert codes(TOLD, TOLD | {"advanced_ms": -5}, 7, None, TOLD) == [
        None, "out-of-range", "malformed", "malformed", None,
    ]  # fmt: skip


def test_an_end_that_is_not_known_yet_bounds_nothing() -> None:
    token = TOKENS.make(Session(uuid7(BEGAN), SESSION.video_id, "anon-1", 0, BEGAN + LIFETIME))
    assert codes(TOLD | {"token": token, "position_ms": 80_000_000}) == [None]


def test_a_session_that_is_over_takes_nothing_more() -> None:
    assert codes(TOLD, now=BEGAN + LIFETIME - 1) == [None]
    assert codes(TOLD, now=BEGAN + LIFETIME) == ["expired-token"]


@pytest.mark.parametrize("body", [b"{}", b"7", b"null", b'"x"', b"", b"[", b"[1,", b"\xff", b"[" * 100_000])
def test_what_is_no_array_is_a_problem(body: bytes) -> None:
    with pytest.raises(Problem) as problem:
        beacons_in(body)
    assert problem.value.status in (400, 422)


def test_too_many_at_once_are_a_problem() -> None:
    assert len(beacons_in(msgspec.json.encode([TOLD] * MOST))) == MOST
    with pytest.raises(Problem) as problem:
        beacons_in(msgspec.json.encode([TOLD] * (MOST + 1)))
    assert problem.value.status == 413


def test_a_clock_that_is_right_is_left_alone() -> None:
    assert happened(NOW - 500, None, NOW, BEGAN) == NOW - 500
    assert happened(NOW - 500, NOW - 400, NOW, BEGAN) == NOW - 500


def test_a_clock_that_is_wrong_is_corrected() -> None:
    for wrong in (-86_400_000, -6_000, 6_000, 3_600_000):
        assert happened(NOW - 20_000 + wrong, NOW + wrong, NOW, BEGAN) == NOW - 20_000


@given(st.integers(0, 2**50), st.none() | st.integers(0, 2**50))
def test_nothing_happens_before_its_session_or_after_now(at: int, sent_at: int | None) -> None:
    assert BEGAN <= happened(at, sent_at, NOW, BEGAN) <= NOW


def test_a_beacon_s_fields_are_the_event_s() -> None:
    told = set(Beacon.__struct_fields__) - {"token", "at", "sent_at"}
    assert told < set(PlaybackBeacon.__struct_fields__)
