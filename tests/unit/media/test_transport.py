"""The clocks of a transport stream: read from packets, written into them."""

from __future__ import annotations

import io
from typing import BinaryIO, cast

import pytest

from processors.media.block_file import BlockFile
from processors.media.jumps import MOST_SCANNED, Jump, jumps_in
from processors.media.steady import Steady
from processors.media.transport import PACKET, ROUND, Kind, since, times, write
from processors.media.wire import BLOCK_BYTES

PES = bytes.fromhex("000001e00000 80c00a 3100010001 1100010001")  # ISO 13818-1, 2.4.3.6: shown and decoded at 0


EMPTY = bytes.fromhex("471fff10").ljust(PACKET, b"\xff")


def packet(ticks: int = 0) -> bytearray:
    """One with the stream's clock, and the beginning of a picture that says when it is shown and decoded."""
    head = bytes.fromhex("47 4100 30 07 10 000000007e00")
    data = bytearray((head + PES).ljust(PACKET, b"\xff"))
    for told in list(times(data)):
        write(data, told, ticks)
    return data


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


def test_what_no_packet_follows_is_left_as_it_is():
    """As where bytes are lost: what looks like a packet there is somebody's picture."""
    data = packet() + EMPTY + packet() + bytes(PACKET) + packet()
    read = Steady(io.BytesIO(data), [Jump(0, 90_000)])

    assert [told.at // PACKET for told in times(data) if told.kind is Kind.PCR] == [0, 4]
    shifted = packet(90_000) + EMPTY + packet() + bytes(PACKET) + packet(90_000)
    assert read.read() == shifted
    read.seek(2 * PACKET)
    assert read.read(PACKET) == packet()


def test_of_a_clock_that_is_told_at_both_ends_alone_a_bounded_part_is_read():
    asked, size = list[int](), PACKET * BLOCK_BYTES
    blocks = {0: bytes(packet(9_000_000) + EMPTY).ljust(BLOCK_BYTES, b"\0")}
    blocks[PACKET - 1] = bytes(packet(0) + EMPTY).rjust(BLOCK_BYTES, b"\0")

    def block(index: int) -> bytes:
        asked.append(index)
        return blocks.get(index, bytes(BLOCK_BYTES))

    assert jumps_in(cast(BinaryIO, BlockFile(size, block)), size) == []
    assert len(asked) * BLOCK_BYTES < 4 * MOST_SCANNED < size


@pytest.mark.parametrize(("earlier", "later", "ticks"), [(5, 9, 4), (9, 5, -4), (ROUND - 3, 2, 5), (2, ROUND - 3, -5)])
def test_a_clock_that_begins_anew_goes_on(earlier: int, later: int, ticks: int):
    assert since(earlier, later) == ticks
