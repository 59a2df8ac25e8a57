"""A client is counted under its own address, however it came, and can't take another's."""

from __future__ import annotations

import pytest

from gateway.playback.address import counted_as


@pytest.mark.parametrize(
    ("remote", "forwarded", "proxies", "counted"),
    [
        ("203.0.113.9", "", 0, "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", 0, "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1", 1, "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1", 1, "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.2", 2, "198.51.100.1"),
        ("203.0.113.9", "", 1, "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", 2, "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "", 0, "2001:0db8:0001:0002"),
        ("2001:db8:1:2::9", "", 0, "2001:0db8:0001:0002"),
        ("", "", 0, ""),
        ("10.0.0.1", "x" * 1000, 1, "x" * 64),
    ],
)
def test_whose_request_it_is(remote: str, forwarded: str, proxies: int, counted: str) -> None:
    assert counted_as(remote, forwarded, proxies) == counted
