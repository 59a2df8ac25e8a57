"""A rendition whose encoder changes on the way: what manifests tell players about it."""

from __future__ import annotations

import itertools
from xml.etree import ElementTree

import msgspec
import pytest

from processors.media import dash, hls
from processors.media.codec_names import most_demanding
from processors.media.model import Text, Track
from processors.media.presentation import Presentation
from tests.unit.media.test_manifests import ALL, COMPLETE, presentation

NAMESPACE = {"d": "urn:mpeg:dash:schema:mpd:2011"}
TAKEN_OVER = 2  # from this segment on, which starts at 4 s, another encoder made the 720p


def taken_over(numbers: int = 4, complete: bool = True) -> Presentation:
    """720p by a second encoder from one segment on."""
    whole = presentation(ALL, range(numbers), complete)
    segments = [
        msgspec.structs.replace(one, init_key=f"segments/v1/720p/{'e' * 32}.mp4", codecs="avc1.42C01F")
        if one.rendition == "720p" and one.number >= TAKEN_OVER
        else one
        for one in whole.segments
    ]
    return msgspec.structs.replace(whole, segments=segments)


def test_a_playlist_tells_where_another_encoder_takes_over():
    text = hls.media(taken_over(), "720p")

    assert text.count("#EXT-X-MAP") == 2
    before, after = text.split("#EXT-X-DISCONTINUITY\n")
    assert before.count("#EXTINF") == TAKEN_OVER
    assert after.startswith(f'#EXT-X-MAP:URI="720p/{"e" * 32}.mp4"\n#EXTINF')


@pytest.mark.parametrize("name", ["360p", "audio"])
def test_the_others_have_the_discontinuity_at_the_same_place(name: str):
    before, after = hls.media(taken_over(), name).split("#EXT-X-DISCONTINUITY\n")

    assert before.count("#EXTINF") == TAKEN_OVER
    assert after.startswith("#EXTINF")


def test_i_frame_playlists_have_it_too():
    before, after = hls.i_frames(taken_over(), "720p").split("#EXT-X-DISCONTINUITY\n")

    assert before.count("#EXTINF") == TAKEN_OVER
    assert after.startswith("#EXT-X-MAP")


def test_what_was_told_of_a_growing_video_stays_as_it_was():
    growing = [hls.media(taken_over(numbers, complete=False), "720p") for numbers in (1, 2, 3, 4)]

    assert all(later.startswith(sooner) for sooner, later in itertools.pairwise(growing))


def test_a_variant_is_named_by_the_most_that_it_asks_for():
    assert hls.master(taken_over()) == hls.master(COMPLETE)
    assert most_demanding(["avc1.42C01F", "avc1.64001F", "avc1.640028"]) == "avc1.640028"
    assert most_demanding(["hvc1.1.6.L93.90", "hvc1.1.6.L120.90"]) == "hvc1.1.6.L120.90"


def test_a_period_begins_there_and_the_time_goes_on():
    first, second = ElementTree.fromstring(dash.manifest(taken_over(), 0)).findall("d:Period", NAMESPACE)

    assert (first.get("start"), second.get("start")) == ("PT0S", "PT4S")
    for period, offset, numbers, init in ((first, None, 2, "f" * 32), (second, str(4 * 12_288), 2, "e" * 32)):
        high = period.findall("d:AdaptationSet/d:Representation", NAMESPACE)[1]
        (listed,) = high.findall("d:SegmentList", NAMESPACE)
        assert listed.get("presentationTimeOffset") == offset
        assert len(listed.findall("d:SegmentURL", NAMESPACE)) == numbers
        assert listed.find("d:Initialization", NAMESPACE).get("sourceURL") == f"720p/{init}.mp4"  # type: ignore[union-attr]
    assert second.findall(".//d:S", NAMESPACE)[0].get("t") == str(4 * 12_288)  # on the video's own timeline, as before
    assert second.findall(".//d:SegmentList", NAMESPACE)[2].get("presentationTimeOffset") == str(4 * 48_000)


def test_captions_of_a_later_period_are_a_segment_on_the_video_s_timeline():
    """A SegmentBase that only says an offset has no captions for Shaka."""
    captions = Text(name="text-en", language="en", key=f"captions/v1/{'c' * 32}.vtt", bytes=9, origin="uploaded")
    text = dash.manifest(msgspec.structs.replace(taken_over(), texts=[captions]), 0)
    periods = ElementTree.fromstring(text).findall("d:Period", NAMESPACE)
    first, second = (period.findall("d:AdaptationSet/d:Representation", NAMESPACE)[-1] for period in periods)

    assert [child.tag.rpartition("}")[2] for child in first] == ["BaseURL"]
    (listed,) = second
    assert listed.attrib == {"timescale": "1000", "duration": "8000", "presentationTimeOffset": "4000"}
    assert [url.get("media") for url in listed] == [first[0].text]


def test_a_period_has_sound_from_its_beginning():
    """AAC's frames don't end where pictures do: the segment before the period's first covers the rest of a frame."""
    late = [
        msgspec.structs.replace(one, start=one.start + 512) if one.rendition == "audio" and one.number else one
        for one in taken_over().segments
    ]
    first, second = ElementTree.fromstring(
        dash.manifest(msgspec.structs.replace(taken_over(), segments=late), 0)
    ).findall("d:Period", NAMESPACE)

    assert [
        len(period.findall(".//d:SegmentList", NAMESPACE)[2].findall("d:SegmentURL", NAMESPACE))
        for period in (first, second)
    ] == [2, 3]


def test_periods_of_a_growing_video_are_added_at_its_end():
    starts = [
        [period.get("start") for period in ElementTree.fromstring(text).findall("d:Period", NAMESPACE)]
        for numbers in (2, 3, 4)
        for text in [dash.manifest(taken_over(numbers, complete=False), 1_700_000_000)]
    ]

    assert starts == [["PT0S"], ["PT0S", "PT4S"], ["PT0S", "PT4S"]]


def with_hevc(*, taken_over_at: int, start: Presentation) -> Presentation:
    """A complete video to which HEVC was added, whose encoder changed at a segment."""
    later = Track(name="720p-hevc", kind="video", codec="hevc", height=720, later=True)
    added = [
        msgspec.structs.replace(
            one, rendition=later.name, codecs="hvc1.1.6.L93.90", init_key=f"i/{one.number >= taken_over_at}.mp4"
        )
        for one in start.segments
        if one.rendition == "720p"
    ]
    return msgspec.structs.replace(start, tracks=[*start.tracks, later], segments=[*start.segments, *added])


@pytest.mark.parametrize("start", [COMPLETE, taken_over()], ids=["one encoder", "two"])
@pytest.mark.parametrize("at", [0, 1, TAKEN_OVER])
def test_what_comes_later_changes_no_playlist_of_a_complete_video(start: Presentation, at: int):
    more = with_hevc(taken_over_at=at, start=start)

    assert [hls.media(more, name) for name in ALL] == [hls.media(start, name) for name in ALL]
    assert hls.i_frames(more, "720p") == hls.i_frames(start, "720p")


def test_a_later_codec_that_needs_other_discontinuities_is_listed_in_dash_only():
    listed = {at: with_hevc(taken_over_at=at, start=taken_over()) for at in (0, 1, TAKEN_OVER)}

    assert {at: "720p-hevc.m3u8" in hls.master(one) for at, one in listed.items()} == {0: True, 1: False, 2: True}
    periods = {at: dash.manifest(one, 0).count("<Period") for at, one in listed.items()}
    assert periods == {0: 2, 1: 3, 2: 2}
    assert all('id="720p-hevc"' in dash.manifest(one, 0) for one in listed.values())
