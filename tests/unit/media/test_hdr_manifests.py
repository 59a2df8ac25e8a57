"""Renditions in HDR among the others: told apart, so that a player that can't show them passes them over."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import msgspec
import pytest

from processors.media import dash, hls
from processors.media.model import Track
from processors.media.presentation import Presentation
from tests.unit.media.test_manifests import COMPLETE, NOW, segment

MPD = "{urn:mpeg:dash:schema:mpd:2011}"


def with_hdr(codec: str) -> Presentation:
    """A complete video of two rungs, of which the higher is there in HDR, too."""
    track = Track(name=f"720p-{codec}", kind="video", codec=codec, height=720, later=True)
    named = {"rendition": track.name, "codecs": "hvc1.2.4.L93.90"}
    run = [msgspec.structs.replace(segment("720p", number), **named) for number in range(4)]
    tracks, segments = [*COMPLETE.tracks, track], [*COMPLETE.segments, *run]
    return msgspec.structs.replace(COMPLETE, tracks=tracks, segments=segments)


@pytest.mark.parametrize(("codec", "shown"), [("hevc-pq", "PQ"), ("hevc-hlg", "HLG")])
def test_hls_names_the_range_of_every_variant_and_i_frame_list(codec: str, shown: str):
    """RFC 8216bis, 4.4.6.2; Apple HLS authoring 1.24 and 6.16: there is SDR, also to wind through."""
    variants = re.findall(r"(STREAM-INF):.*CODECS=\"(\w+).*VIDEO-RANGE=(\w+)", hls.master(with_hdr(codec)))
    each = [("STREAM-INF", "avc1", "SDR")] * 2 + [("STREAM-INF", "hvc1", shown)]
    assert variants == each * 2


def test_hls_names_no_range_where_all_is_sdr():
    assert "VIDEO-RANGE" not in hls.master(COMPLETE)


@pytest.mark.parametrize(("codec", "transfer"), [("hevc-pq", "16"), ("hevc-hlg", "18")])
def test_dash_asks_for_a_player_that_knows_hdr_and_prefers_it_there(codec: str, transfer: str):
    """ISO/IEC 23009-1, 5.8.4.8: a set with an essential property that a player doesn't know is not for it."""
    sets = ElementTree.fromstring(dash.manifest(with_hdr(codec), NOW)).findall(f".//{MPD}AdaptationSet")
    needs = [
        {need.get("schemeIdUri", "").rpartition(":")[2]: need.get("value") for need in found if "Essential" in need.tag}
        for found in sets
    ]
    assert needs == [
        {},
        {"ColourPrimaries": "9", "TransferCharacteristics": transfer, "MatrixCoefficients": "9"},
        {},
    ]
    assert [found.get("selectionPriority", "1") > "1" for found in sets] == [False, True, False]
