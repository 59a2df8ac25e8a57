"""Manifests of a film with three sounds in two languages and forms, and captions of two."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import msgspec

from processors.media import dash, hls
from processors.media.model import AudioStream, Segment, Text, Track
from processors.media.presentation import Presentation
from processors.media.tracks import SOUND, implied, sounds
from tests.unit.media.test_manifests import segment

ENGLISH = msgspec.structs.replace(SOUND, language="en", stream=1)
FRENCH = Track(
    stream=2, name="audio-1", kind="audio", codec="aac", channels=2, language="fr", title='Voix "off"\n', later=True
)
SURROUND = Track(
    stream=1, name="audio-5.1", kind="audio", codec="aac", channels=6, language="en", default=True, later=True
)
OPUS = Track(name="audio-opus", kind="audio", codec="opus", channels=2, language="en", default=True, later=True)
GERMAN = Text(name="text-de", language="de", key=f"segments/v1/text-de/{'a' * 32}.vtt", bytes=100, origin="uploaded")
DUTCH = Text(
    name="text-nl",
    language="nl",
    title="A & B",
    key=f"segments/v1/text-nl/{'b' * 32}.vtt",
    bytes=100,
    origin="embedded",
)


def sound(track: Track, number: int) -> Segment:
    return msgspec.structs.replace(
        segment("audio", number), rendition=track.name, codecs="opus" if track.codec == "opus" else "mp4a.40.2"
    )


def film(pictures: bool = True) -> Presentation:
    sounds = [ENGLISH, FRENCH, SURROUND, OPUS]
    return Presentation(
        tracks=[*(implied(["360p"], audio=False) if pictures else []), *sounds],
        segments=[segment("360p", n) for n in range(4)] + [sound(track, n) for track in sounds for n in range(4)],
        complete=True,
        duration_ms=12_000,
        texts=[GERMAN, DUTCH],
    )


def test_sounds_are_grouped_by_form_and_pictures_come_with_each_group():
    lines = hls.master(film()).splitlines()

    assert [line for line in lines if "TYPE=AUDIO" in line] == [
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="en",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",'
        'URI="audio.m3u8"',
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Voix off",LANGUAGE="fr",DEFAULT=NO,AUTOSELECT=YES,'
        'CHANNELS="2",URI="audio-1.m3u8"',
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio-surround",NAME="en",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,'
        'CHANNELS="6",URI="audio-5.1.m3u8"',
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio-surround",NAME="Voix off",LANGUAGE="fr",DEFAULT=NO,AUTOSELECT=YES,'
        'CHANNELS="2",URI="audio-1.m3u8"',
    ]
    variants = [line for line in lines if "STREAM-INF" in line and "I-FRAME" not in line]
    assert [re.findall(r'AUDIO="([^"]+)"', line) for line in variants] == [["audio"], ["audio-surround"]]
    assert not any("opus" in line for line in lines)


def test_texts_are_one_group_of_subtitles():
    lines = hls.master(film()).splitlines()

    assert [line for line in lines if "TYPE=SUBTITLES" in line] == [
        '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="texts",NAME="de",LANGUAGE="de",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,'
        'URI="text-de.m3u8"',
        '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="texts",NAME="A & B",LANGUAGE="nl",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,'
        'URI="text-nl.m3u8"',
    ]
    assert all('SUBTITLES="texts"' in line for line in lines if line.startswith("#EXT-X-STREAM-INF"))


def test_a_text_is_one_segment_as_long_as_the_video():
    assert hls.text(film(), "text-de") == (
        "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:12\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n"
        f"#EXTINF:12.00000,\ntext-de/{'a' * 32}.vtt\n#EXT-X-ENDLIST\n"
    )


def test_dash_has_a_set_for_every_sound_and_text():
    root = ElementTree.fromstring(dash.manifest(film(), 0))
    sets = root.findall(".//{*}AdaptationSet")
    roles = [part.get("value") for part in root.findall(".//{*}Role")]
    channels = [part.get("value") for part in root.findall(".//{*}AudioChannelConfiguration")]

    assert [(part.get("contentType"), part.get("lang")) for part in sets] == [
        ("video", None), ("audio", "en"), ("audio", "fr"), ("audio", "en"), ("audio", "en"),
        ("text", "de"), ("text", "nl"),
    ]  # fmt: skip
    assert roles == ["main", "alternate", "main", "main", "subtitle", "subtitle"]
    assert channels == ["2", "2", "6", "2"]
    assert [part.text for part in root.findall(".//{*}BaseURL")] == [
        f"text-de/{'a' * 32}.vtt",
        f"text-nl/{'b' * 32}.vtt",
    ]
    assert len({part.get("id") for part in sets}) == len(sets)


def test_sound_alone_is_a_variant_by_itself():
    lines = hls.master(film(pictures=False)).splitlines()
    variants = [(line, uri) for line, uri in pairwise(lines) if line.startswith("#EXT-X-STREAM-INF")]

    assert [uri for _, uri in variants] == ["audio.m3u8", "audio-5.1.m3u8"]
    assert all('CODECS="mp4a.40.2",AUDIO=' in line and "RESOLUTION" not in line for line, _ in variants)
    lone = msgspec.structs.replace(film(pictures=False), tracks=[ENGLISH])
    assert 'GROUP-ID="audio' not in hls.master(lone)
    assert 'CODECS="mp4a.40.2",SUBTITLES' in hls.master(lone)
    assert "video" not in dash.manifest(film(pictures=False), 0)


def test_a_sound_is_called_what_the_source_calls_it():
    plain = AudioStream(index=1, codec="aac", channels=2, layout="stereo", sample_rate=48_000, language="eng")
    streams = [plain, msgspec.structs.replace(plain, index=2, title="Notes")]
    assert {track.title for track in sounds(streams) if track.stream == 2} == {"Notes"}
    assert {track.title for track in sounds(streams) if track.stream == 1} == {None}
