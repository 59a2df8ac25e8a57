"""A token is of one session and one installation; whatever is changed in it, it is refused."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.playback import tokens
from gateway.playback.tokens import LONGEST, Forged, Session, Tokens
from gateway.uploads.identity import uuid7

NOW = 1_800_000_000_000
SESSION = Session(uuid7(NOW), uuid7(NOW - 1), "acct-5f0c2b7d9e1a4c3f8b6d7e2a1c0f9b8d", 596_458, NOW + 1000)
MINE, THEIRS = Tokens.of("a secret"), Tokens.of("another")


def test_what_was_put_in_comes_out() -> None:
    for session in (SESSION, replace(SESSION, duration_ms=0, viewer_id="anon-1")):
        assert MINE.read(MINE.make(session)) == session
        assert Tokens.of("a secret").read(MINE.make(session)) == session


def test_a_session_began_when_its_id_says() -> None:
    assert SESSION.began == NOW


def test_a_token_is_short() -> None:
    assert len(MINE.make(SESSION)) < LONGEST / 2


def test_another_installation_s_is_forged() -> None:
    with pytest.raises(Forged):
        MINE.read(THEIRS.make(SESSION))


@given(st.integers(0), st.integers(1, 255))
def test_a_changed_byte_is_noticed(place: int, change: int) -> None:
    token = MINE.make(SESSION)
    raw = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    raw[place % len(raw)] ^= change
    with pytest.raises(Forged):
        MINE.read(base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("="))


@given(st.text(max_size=LONGEST))
def test_anything_else_is_forged(text: str) -> None:
    with pytest.raises(Forged):
        MINE.read(text)


def test_verified_tokens_are_kept_in_bounded_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "KNOWN_AT_MOST", 3)
    some = Tokens.of("a secret")
    made = [some.make(replace(SESSION, session_id=uuid7(NOW, chance))) for chance in range(5)]
    for token in made * 2:
        assert some.read(token).video_id == SESSION.video_id
    assert len(some._known) == 3
