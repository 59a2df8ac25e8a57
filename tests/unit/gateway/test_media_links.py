"""Signed media links."""

from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.media.links import Expired, Forged, Links
from gateway.options import Options

LINKS = Links("secret", 6 * 3600)
NOW = 1_800_000_000.0


def test_a_link_is_what_nginx_checks() -> None:
    token = LINKS.token("v1", NOW)
    expires, signature = token.split(".")
    wanted = hashlib.md5(f"{expires}v1 secret".encode()).digest()
    assert base64.urlsafe_b64decode(signature + "==") == wanted


def test_a_link_lives_as_long_as_promised_and_is_the_same_within_the_hour() -> None:
    token = LINKS.token("v1", NOW)
    LINKS.check(token, "v1", NOW + 6 * 3600)
    assert token == LINKS.token("v1", NOW + 1)
    with pytest.raises(Expired):
        LINKS.check(token, "v1", NOW + 8 * 3600)


def test_a_link_of_another_video_or_secret_is_forged() -> None:
    token = LINKS.token("v1", NOW)
    for links, video in ((LINKS, "v2"), (Links("other", 1), "v1")):
        with pytest.raises(Forged):
            links.check(token, video, NOW)


@given(st.text(max_size=60))
def test_nothing_else_is_a_token(text: str) -> None:
    with pytest.raises(Forged):
        LINKS.check(text, "v1", NOW)


def test_a_later_end_can_not_be_written_into_it() -> None:
    expires, signature = LINKS.token("v1", NOW).split(".")
    with pytest.raises(Forged):
        LINKS.check(f"{int(expires) + 9999}.{signature}", "v1", NOW)


def test_a_videos_media_are_at_the_edge_where_there_is_one() -> None:
    token = LINKS.token("v1", NOW)
    assert LINKS.media("v1", NOW) == f"/media/{token}/v1"
    assert (
        Links("secret", 6 * 3600, "https://edge.example").media("v1", NOW) == f"https://edge.example/media/{token}/v1"
    )


@pytest.mark.parametrize("given_address", ["edge.example", "https://edge.example/path", "ftp://edge", "https://e/?q"])
def test_an_edge_is_named_by_its_origin(given_address: str) -> None:
    with pytest.raises(ValueError, match="PLAYLOG_EDGE"):
        Options.from_environment({"PLAYLOG_EDGE": given_address})


def test_an_edges_address_may_end_with_a_slash_and_have_a_port() -> None:
    assert Options.from_environment({"PLAYLOG_EDGE": "http://127.0.0.1:8081/"}).edge == "http://127.0.0.1:8081"
