"""ISO/IEC 23009-1 and DASH-IF's guidelines as a list: each test names the clause of its rule.

Applied to the manifests and bytes of a video of two rungs that has seams, growing and complete.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import PurePosixPath
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from processors.media import dash
from processors.media.boxes import timing
from processors.media.codec_names import codecs
from processors.media.presentation import Presentation
from tests.integration.media.test_hls_rules import peak, shown, video
from tests.media_encode import Encoded

__all__ = ["shown", "video"]  # fixtures
NOW = 1_700_000_000.0
MPD = "{urn:mpeg:dash:schema:mpd:2011}"


def manifest(shown: Presentation) -> Element:
    return ElementTree.fromstring(dash.manifest(shown, NOW))


def representations(shown: Presentation) -> dict[str, Element]:
    return {found.get("id", ""): found for found in manifest(shown).iter(f"{MPD}Representation")}


def data(video: Encoded, address: str | None) -> bytes:
    assert address
    (found,) = [content for key, content in video.objects.items() if key.endswith(PurePosixPath(address).name)]
    return found


def test_5_3_1_2_a_growing_manifest_is_dynamic_and_says_when_to_ask_again(shown: Presentation):
    mpd = manifest(shown)
    assert mpd.get("type") == ("static" if shown.complete else "dynamic")
    for name in ("availabilityStartTime", "minimumUpdatePeriod", "publishTime"):
        assert (mpd.get(name) is None) == shown.complete
    assert mpd.get("mediaPresentationDuration", "").startswith("PT14.0")
    assert mpd.get("minBufferTime") == "PT6S"


def test_5_3_3_sets_can_be_switched_within_and_hold_one_codec(shown: Presentation):
    for found in manifest(shown).iter(f"{MPD}AdaptationSet"):
        assert found.get("segmentAlignment") == "true"
        assert found.get("startWithSAP") == "1"
        assert len({each.get("codecs", "").partition(".")[0] for each in found.iter(f"{MPD}Representation")}) == 1


def test_5_3_5_2_the_rate_is_within_a_tenth_of_what_is_measured(video: Encoded):
    for name, found in representations(video.presentation()).items():
        assert int(found.get("bandwidth", "")) == pytest.approx(peak(video.of(name)), rel=0.1)


def test_5_3_7_2_codecs_are_what_the_initialisation_says(video: Encoded, shown: Presentation):
    for found in representations(shown).values():
        (init,) = found.iter(f"{MPD}Initialization")
        assert found.get("codecs") == codecs(data(video, init.get("sourceURL")))


def test_5_3_9_6_the_timeline_is_what_the_bytes_say_without_gap_or_overlap(video: Encoded, shown: Presentation):
    for found in representations(shown).values():
        spans = [(int(s.get("t", "")), int(s.get("d", ""))) for s in found.iter(f"{MPD}S")]
        parts = [timing(data(video, url.get("media"))) for url in found.iter(f"{MPD}SegmentURL")]
        assert spans == [(part.start, part.duration) for part in parts]
        assert all(start + lasts == following for (start, lasts), (following, _) in pairwise(spans))


def test_segments_of_all_rungs_begin_and_end_together(shown: Presentation):
    """What segmentAlignment promises (5.3.3.2)."""
    rungs = [found for found in representations(shown).values() if found.get("width")]
    times = [[(s.get("t"), s.get("d")) for s in found.iter(f"{MPD}S")] for found in rungs]
    assert len(rungs) == 2
    assert times[0] == times[1]
