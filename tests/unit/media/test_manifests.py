"""Manifests as text: what they say of a growing video and of a complete one."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from xml.etree import ElementTree

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.media import dash, hls
from processors.media import presentation as module
from processors.media.boundaries import segment_start_ms
from processors.media.model import Keyframe, Segment, Track
from processors.media.presentation import Presentation, contiguous, rates
from processors.media.tracks import implied

SIZES = {"360p": (640, 360, 30_000), "720p": (1280, 720, 120_000)}
NOW = 1_700_000_100.0


def segment(rendition: str, number: int, end_ms: int | None = None) -> Segment:
    """A segment as the plan has it; sizes grow with the picture."""
    start, end = segment_start_ms(number), end_ms or segment_start_ms(number + 1)
    width, height, size = SIZES.get(rendition, (0, 0, 16_000))
    timescale = 48_000 if rendition == "audio" else 12_288
    keys = [
        Keyframe(start=at * 12_288 // 1000, duration=2 * 12_288, offset=24 + n * 1000, size=700)
        for n, at in enumerate(range(start, end, 2000))
    ]
    return Segment(
        rendition=rendition,
        number=number,
        key=f"segments/v1/{rendition}/{number:032x}.m4s",
        init_key=f"segments/v1/{rendition}/{'f' * 32}.mp4",
        codecs="mp4a.40.2" if rendition == "audio" else "avc1.64001F",
        bytes=size * (end - start) // 2000,
        start=start * timescale // 1000,
        duration=(end - start) * timescale // 1000,
        timescale=timescale,
        width=width,
        height=height,
        frame_rate=24.0 if height else 0.0,
        keyframes=keys if height else [],
    )


def tracks(*names: str) -> list[Track]:
    return implied([name for name in names if name != "audio"], "audio" in names)


def presentation(names: list[str], numbers: range, complete: bool = False) -> Presentation:
    return Presentation(
        tracks=tracks(*names),
        segments=[segment(name, number) for name in names for number in numbers],
        complete=complete,
        duration_ms=12_000,
        started_at=1_700_000_000.0,
    )


ALL = ["360p", "720p", "audio"]
GROWING, COMPLETE = presentation(ALL, range(1)), presentation(ALL, range(4), complete=True)


def test_the_master_playlist_of_a_growing_video():
    assert hls.master(GROWING) == (
        "#EXTM3U\n"
        "#EXT-X-VERSION:7\n"
        "#EXT-X-INDEPENDENT-SEGMENTS\n"
        "#EXT-X-START:TIME-OFFSET=0,PRECISE=YES\n"
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Audio",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",'
        'URI="audio.m3u8"\n'
        '#EXT-X-STREAM-INF:BANDWIDTH=439000,AVERAGE-BANDWIDTH=439000,CODECS="avc1.64001F,mp4a.40.2",'
        'RESOLUTION=640x360,FRAME-RATE=24.000,AUDIO="audio"\n'
        "360p.m3u8\n"
        '#EXT-X-STREAM-INF:BANDWIDTH=2314000,AVERAGE-BANDWIDTH=2314000,CODECS="avc1.64001F,mp4a.40.2",'
        'RESOLUTION=1280x720,FRAME-RATE=24.000,AUDIO="audio"\n'
        "720p.m3u8\n"
        '#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=2800,AVERAGE-BANDWIDTH=2800,CODECS="avc1.64001F",'
        'RESOLUTION=640x360,URI="360p.iframes.m3u8"\n'
        '#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=2800,AVERAGE-BANDWIDTH=2800,CODECS="avc1.64001F",'
        'RESOLUTION=1280x720,URI="720p.iframes.m3u8"\n'
    )


def test_a_growing_playlist_is_an_event_without_an_end():
    assert hls.media(GROWING, "360p") == (
        "#EXTM3U\n"
        "#EXT-X-VERSION:7\n"
        "#EXT-X-TARGETDURATION:6\n"
        "#EXT-X-MEDIA-SEQUENCE:0\n"
        "#EXT-X-PLAYLIST-TYPE:EVENT\n"
        "#EXT-X-START:TIME-OFFSET=0,PRECISE=YES\n"
        "#EXT-X-INDEPENDENT-SEGMENTS\n"
        '#EXT-X-MAP:URI="360p/ffffffffffffffffffffffffffffffff.mp4"\n'
        "#EXTINF:2.00000,\n"
        "360p/00000000000000000000000000000000.m4s\n"
    )


def test_a_complete_playlist_is_vod_and_ends():
    text = hls.media(COMPLETE, "audio")

    assert "#EXT-X-PLAYLIST-TYPE:VOD\n" in text
    assert "EXT-X-START" not in text
    assert text.endswith("#EXTINF:6.00000,\naudio/00000000000000000000000000000003.m4s\n#EXT-X-ENDLIST\n")


def test_an_i_frame_playlist_names_byte_ranges():
    assert hls.i_frames(COMPLETE, "720p").splitlines()[-7:] == [
        "#EXTINF:2.00000,",
        "#EXT-X-BYTERANGE:700@1024",
        "720p/00000000000000000000000000000003.m4s",
        "#EXTINF:2.00000,",
        "#EXT-X-BYTERANGE:700@2024",
        "720p/00000000000000000000000000000003.m4s",
        "#EXT-X-ENDLIST",
    ]


def test_a_new_initialisation_is_mapped_where_it_begins():
    changed = msgspec.structs.replace(segment("360p", 1), init_key="segments/v1/360p/e.mp4")
    growing = Presentation(
        tracks=tracks("360p"), segments=[segment("360p", 0), changed], complete=False, duration_ms=4000
    )

    assert hls.media(growing, "360p").count("#EXT-X-MAP") == 2


def test_silent_video_has_no_audio_group():
    silent = presentation(["360p"], range(4), complete=True)

    assert "AUDIO" not in hls.master(silent)
    assert 'CODECS="avc1.64001F"' in hls.master(silent)
    assert 'contentType="audio"' not in dash.manifest(silent, NOW)


def test_the_dash_manifest_of_a_growing_video():
    assert dash.manifest(presentation(["360p"], range(2)), NOW) == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-main:2011" type="dynamic" '
        'mediaPresentationDuration="PT12.000S" minBufferTime="PT6S" maxSegmentDuration="PT6S" '
        'availabilityStartTime="2023-11-14T22:12:08.000Z" publishTime="2023-11-14T22:15:00.000Z" '
        'minimumUpdatePeriod="PT2S">\n'
        '<UTCTiming schemeIdUri="urn:mpeg:dash:utc:direct:2014" value="2023-11-14T22:15:00.000Z"/>\n'
        '<Period id="0" start="PT0S">\n'
        '<AdaptationSet id="1" contentType="video" mimeType="video/mp4" segmentAlignment="true" startWithSAP="1">\n'
        '<Representation id="360p" codecs="avc1.64001F" bandwidth="375000" width="640" height="360" sar="1:1" '
        'frameRate="24">\n'
        '<SegmentList timescale="12288">\n'
        '<Initialization sourceURL="360p/ffffffffffffffffffffffffffffffff.mp4"/>\n'
        '<SegmentTimeline><S t="0" d="24576"/><S t="24576" d="24576"/></SegmentTimeline>\n'
        '<SegmentURL media="360p/00000000000000000000000000000000.m4s"/>\n'
        '<SegmentURL media="360p/00000000000000000000000000000001.m4s"/>\n'
        "</SegmentList>\n"
        "</Representation>\n"
        "</AdaptationSet>\n"
        "</Period>\n"
        "</MPD>\n"
    )


def test_the_dash_manifest_of_a_complete_video_does_not_depend_on_the_time():
    text = dash.manifest(COMPLETE, NOW)

    assert text == dash.manifest(COMPLETE, NOW + 1000)
    root = ElementTree.fromstring(text)
    assert root.get("type") == "static"
    assert root.get("availabilityStartTime") is None
    assert [r.get("id") for r in root.findall(".//{*}Representation")] == ["360p", "720p", "audio"]
    (first, *_) = root.findall(".//{*}SegmentTimeline")
    assert [dict(s.items()) for s in first] == [
        {"t": str(at * 12_288), "d": str(lasts * 12_288)} for at, lasts in [(0, 2), (2, 2), (4, 2), (6, 6)]
    ]


def test_what_is_listed_is_found_once_for_all_who_ask(monkeypatch: pytest.MonkeyPatch):
    """A master playlist asks for each variant's rates, and a day's segments are many."""
    asked = list[object]()

    def counted(segments: Iterable[Segment]) -> list[Segment]:
        asked.append(segments)
        return contiguous(segments)

    monkeypatch.setattr(module, "contiguous", counted)
    growing = presentation(ALL, range(3))
    hls.master(growing)
    dash.manifest(growing, NOW)
    other = msgspec.structs.replace(growing, segments=growing.segments[:1])

    assert len(asked) == len(ALL)
    assert other.listed() == {"360p": [], "720p": [], "audio": []}


def test_rates_are_measured_over_whole_target_durations():
    black, bright = segment("360p", 3), segment("360p", 4)
    uneven = [*(segment("360p", n) for n in range(3)), black, bright]
    complete = Presentation(tracks=tracks("360p"), segments=uneven, complete=True, duration_ms=18_000)

    assert rates(complete, *complete.tracks) == (120_000, 120_000)


@pytest.mark.parametrize(
    ("rate", "text"), [(24.0, "24"), (29.97, "30000/1001"), (23.976, "24000/1001"), (12.5, "25/2")]
)
def test_frame_rates_are_exact(rate: float, text: str):
    assert dash.frame_rate(rate) == text
    assert abs(Fraction(text) - Fraction(rate)) < Fraction(1, 500)


@given(st.sets(st.tuples(st.sampled_from(ALL), st.integers(0, 6))))
def test_a_growing_manifest_never_lists_a_gap_nor_what_one_rendition_lacks(stored: set[tuple[str, int]]):
    growing = Presentation(
        tracks=tracks(*ALL),
        segments=[segment(name, number) for name, number in sorted(stored)],
        complete=False,
        duration_ms=60_000,
    )

    listed = growing.listed()

    common = min(len(contiguous(s for s in growing.segments if s.rendition == name)) for name in ALL)
    assert all([s.number for s in run] == list(range(common)) for run in listed.values())
    assert all(hls.media(growing, name).count("#EXTINF") == common for name in ALL)
    assert dash.manifest(growing, NOW).count("<SegmentURL") == common * len(ALL)
