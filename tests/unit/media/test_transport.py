"""The clocks of a transport stream: read from packets, written into them."""

from __future__ import annotations

import pytest

from processors.media.transport import PACKET, ROUND, Kind, since, times, write

PES = bytes.fromhex("000001e00000 80c00a 3100010001 1100010001")  # ISO 13818-1, 2.4.3.6: shown and decoded at 0


def packet() -> bytearray:
    """One with the stream's clock, and the beginning of a picture that says when it is shown and decoded."""
    head = bytes.fromhex("47 4100 30 07 10 000000007e00")
    return bytearray((head + PES).ljust(PACKET, b"\xff"))


@pytest.mark.parametrize("ticks", [0, 1, 90_000, ROUND - 1, ROUND // 2 + 12_345])
def test_a_time_that_is_written_is_read_and_nothing_else_changes(ticks: int):
    data = packet()
    for told in list(times(data)):
        write(data, told, ticks)
    assert [(told.kind, told.pid, told.ticks) for told in times(data)] == [
        (kind, 256, ticks) for kind in (Kind.PCR, Kind.PTS, Kind.DTS)
    ]
    for told in list(times(data)):
        write(data, told, 0)
    assert data == packet()


def test_what_is_no_packet_tells_no_time():
    assert list(times(bytes(2 * PACKET))) == []
    assert list(times(packet()[:-1])) == []


@pytest.mark.parametrize(("earlier", "later", "ticks"), [(5, 9, 4), (9, 5, -4), (ROUND - 3, 2, 5), (2, ROUND - 3, -5)])
def test_a_clock_that_begins_anew_goes_on(earlier: int, later: int, ticks: int):
    assert since(earlier, later) == ticks
