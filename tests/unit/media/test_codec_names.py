"""Codecs by name: the configurations of @videojs/vhs-utils' fixtures (4.1.2), which bear their codec as file name."""

from __future__ import annotations

import struct

import pytest

from processors.media.codec_names import codecs
from processors.media.model import Rung
from processors.media.obu import without_delimiters
from processors.media.vp9_level import vp9_level


def box(kind: str, payload: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(payload), kind.encode()) + payload


def init(entry: str, *inner: bytes) -> bytes:
    """An initialisation segment, as far as a codec's name goes."""
    nested = box("stsd", bytes(8) + box(entry, bytes(78) + b"".join(inner)))
    for kind in ("stbl", "minf", "mdia", "trak", "moov"):
        nested = box(kind, nested)
    return nested


@pytest.mark.parametrize(
    ("entry", "kind", "configuration", "name"),
    [
        ("avc1", "avcC", "01640028ffe10017", "avc1.640028"),
        ("hvc1", "hvcC", "01216000000090000000000078f000fc", "hvc1.1.6.H120.90"),
        ("hev1", "hvcC", "0101600000009000000000003cf000fc", "hev1.1.6.L60.90"),
        ("hev1", "hvcC", "0124080000009c080000000078f000fc", "hev1.4.10.H120.9C.8"),
        ("av01", "av1C", "81000c000a0b000000043e7fbcfbf900", "av01.0.00M.08.0.110"),
        ("vp09", "vpcC", "01000000001f820101010000", "vp09.00.31.08.01.01.01.01.00"),
    ],
)
def test_a_codec_is_named_by_its_configuration(entry: str, kind: str, configuration: str, name: str):
    assert codecs(init(entry, box(kind, bytes.fromhex(configuration)))) == name


def test_av1_names_its_colour_where_it_is_told():
    configuration, colour = bytes.fromhex("81040d000a0b"), b"nclx" + struct.pack(">HHHB", 9, 16, 9, 0)
    assert codecs(init("av01", box("av1C", configuration), box("colr", colour))) == "av01.0.04M.08.0.111.09.16.09.0"


def test_a_codec_that_nobody_knows_is_said():
    with pytest.raises(ValueError, match="mp4v"):
        codecs(init("mp4v"))


@pytest.mark.parametrize(
    ("width", "height", "kbps", "rate", "level"),
    [(640, 360, 400, 24, 21), (1280, 720, 1485, 30, 31), (1280, 720, 1485, 60, 40), (3840, 2160, 17_400, 60, 51)],
)
def test_a_level_is_the_lowest_that_is_enough(width: int, height: int, kbps: int, rate: float, level: int):
    rung = Rung(name="p", codec="vp9", width=width, height=height, crf=30, max_kbps=kbps)
    assert vp9_level(rung, rate) == level


def test_a_temporal_unit_is_stored_without_its_delimiter():
    delimiter, header, frame = bytes.fromhex("1200"), bytes.fromhex("0a02aabb"), bytes.fromhex("3201cc")
    assert without_delimiters(delimiter + header + frame) == header + frame
    assert without_delimiters(delimiter + bytes.fromhex("30") + b"to the end") == b"\x30to the end"
    assert without_delimiters(bytes.fromhex("328101") + bytes(129)) == bytes.fromhex("328101") + bytes(129)
