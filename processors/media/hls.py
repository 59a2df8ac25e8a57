"""HLS playlists (RFC 8216; Apple HLS authoring in brackets), written from measured segments.

A growing video is an EVENT, a complete one VOD with ENDLIST. Links are relative, so that they keep the token.
A VOD's playlists don't change (RFC 8216, 6.2.1), nor do their discontinuities, which are those of the start's tracks:
one made later, by several encoders that took over at other places, is for DASH.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

from processors.media.codec_names import most_demanding
from processors.media.colour import VIDEO_RANGES
from processors.media.model import Segment, Text, Track
from processors.media.names import link
from processors.media.presentation import TARGET_S, Presentation, Rates, rates

HEAD = ["#EXTM3U", "#EXT-X-VERSION:7"]
INDEPENDENT = "#EXT-X-INDEPENDENT-SEGMENTS"  # (9.11)
DISCONTINUITY = "#EXT-X-DISCONTINUITY"  # other encoding parameters follow; the time goes on (RFC 8216, 4.3.2.3)
CODECS = {"h264", "hevc", *VIDEO_RANGES, "av1", "aac"}
STEREO = 2
GROUP, WIDE_GROUP, TEXTS = "audio", "audio-surround", "texts"
NOT_QUOTED = re.compile(r'["\x00-\x1f\x7f]+')  # (RFC 8216, 4.2)
FROM_START = "#EXT-X-START:TIME-OFFSET=0,PRECISE=YES"  # or players join a growing video at its live edge

T = TypeVar("T", Track, Text)


def carries(presentation: Presentation, track: Track) -> bool:
    """Whether HLS may carry a track (1.1, 2.1): VP9 and Opus are for DASH, and what needs other discontinuities."""
    return track.codec in CODECS and set(presentation.takeovers([track])) <= set(_breaks(presentation))


def master(presentation: Presentation) -> str:
    """The multivariant playlist: a variant and an I-frame playlist (6.1) for every track of pictures.

    Sounds of one form are a group, in which one chooses a language; pictures come once with each (RFC 8216,
    4.3.4.2.1). Without pictures the default sound is the variant.
    """
    videos = [track for track in presentation.playing("video") if carries(presentation, track)]
    groups = _groups(track for track in presentation.playing("audio") if carries(presentation, track))
    lines = [*HEAD, INDEPENDENT, *([] if presentation.complete else [FROM_START])]
    names = [name for name, _ in _named(groups.get(GROUP, []))]
    if not videos and sum(map(len, groups.values())) == 1:
        groups = {"": groups[GROUP]}  # the variant is the sound itself: nothing to choose from
    lines += [
        _sound(track, name, group)
        for group in groups
        if group
        for name, track in zip(names, groups[group], strict=True)
    ]
    lines += [_subtitles(text, name) for name, text in _named(presentation.texts)]
    for group, sounds in groups.items() if groups else [("", [])]:
        for track in videos or sounds[:1]:
            lines += _variant(presentation, track, sounds, group)
    lines += [_i_frame_variant(presentation, track) for track in videos]
    return _text(lines)


def text(presentation: Presentation, name: str) -> str:
    """The playlist of a text: its whole file is one segment, from the beginning. Raises KeyError for an unknown one."""
    found = {text.name: text for text in presentation.texts}[name]
    lasts = presentation.duration_s
    lines = [f"#EXT-X-TARGETDURATION:{math.ceil(lasts)}", "#EXT-X-MEDIA-SEQUENCE:0", "#EXT-X-PLAYLIST-TYPE:VOD"]
    return _text([*HEAD, *lines, f"#EXTINF:{lasts:.5f},", link(found.key), "#EXT-X-ENDLIST"])


def media(presentation: Presentation, name: str) -> str:
    """One rendition's playlist. Raises KeyError for a rendition that is not planned."""
    run = presentation.listed()[name]
    lines = [*_media_head(presentation, run), INDEPENDENT]
    for segment, mapped in _with_maps(run, _breaks(presentation)):
        lines += [*mapped, f"#EXTINF:{segment.seconds:.5f},", link(segment.key)]
    return _text([*lines, *_end(presentation)])


def i_frames(presentation: Presentation, name: str) -> str:
    """One rendition's I-frame playlist: byte ranges of the segments. Raises KeyError as `media` does."""
    run = presentation.listed()[name]
    lines = [*_media_head(presentation, run), "#EXT-X-I-FRAMES-ONLY"]
    for segment, mapped in _with_maps(run, _breaks(presentation)):
        lines += mapped
        for key in segment.keyframes:
            lines += [
                f"#EXTINF:{key.duration / segment.timescale:.5f},",
                f"#EXT-X-BYTERANGE:{key.size}@{key.offset}",
                link(segment.key),
            ]
    return _text([*lines, *_end(presentation)])


def _groups(sounds: Iterable[Track]) -> dict[str, list[Track]]:
    """Sounds in stereo, and once more with those that have more channels in their place.

    All groups have the same members, but for their channels and addresses (RFC 8216, 4.3.4.1.1): a player that takes
    5.1 loses no language.
    """
    listed = list(sounds)
    stereo = [track for track in listed if track.channels <= STEREO]
    wide = {track.stream: track for track in listed if track.channels > STEREO}
    groups = {GROUP: stereo} if stereo else {}
    return groups | ({WIDE_GROUP: [wide.get(track.stream, track) for track in stereo]} if wide and stereo else {})


def _named(listed: Sequence[T]) -> list[tuple[str, T]]:
    """Each with a name that no other has in its group (RFC 8216, 4.3.4.1), fit for a quoted string."""
    names = list[str]()
    for one in listed:
        title = " ".join(NOT_QUOTED.sub(" ", one.title or "").split())
        name = title or one.language or one.kind.capitalize()
        names.append(name if name not in names else f"{name} ({names.count(name) + len(names)})")
    return list(zip(names, listed, strict=True))


def _sound(track: Track, name: str, group: str) -> str:
    """A rendition of sound: the one that plays by itself is the default of its group."""
    default = "YES" if track.default else "NO"
    return (
        f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="{group}",NAME="{name}",{_language(track)}DEFAULT={default},AUTOSELECT=YES,'
        f'CHANNELS="{track.channels}",URI="{track.name}.m3u8"'
    )


def _subtitles(text: Text, name: str) -> str:
    """A rendition of text; shown when somebody asks for it."""
    return (
        f'#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="{TEXTS}",NAME="{name}",{_language(text)}DEFAULT=NO,AUTOSELECT=YES,'
        f'FORCED=NO,URI="{text.name}.m3u8"'
    )


def _language(listed: Track | Text) -> str:
    return f'LANGUAGE="{listed.language}",' if listed.language else ""


def _variant(presentation: Presentation, track: Track, sounds: Sequence[Track], group: str) -> list[str]:
    """(9.1, 9.2, 9.14, 9.15): rates, codecs, size and frame rate of everything the variant plays."""
    own = Rates(0, 0) if track in sounds else rates(presentation, track)
    both = own + max((rates(presentation, sound) for sound in sounds), default=Rates(0, 0))
    listed = presentation.listed()
    first = listed[track.name][0]
    codecs = dict.fromkeys([_codecs(listed[track.name]), *(_codecs(listed[sound.name]) for sound in sounds)])
    size = f",RESOLUTION={first.width}x{first.height},FRAME-RATE={first.frame_rate:.3f}" if first.height else ""
    return [
        f"#EXT-X-STREAM-INF:BANDWIDTH={both.peak},AVERAGE-BANDWIDTH={both.average},"
        f'CODECS="{",".join(codecs)}"{size}{_range(presentation, track)}'
        + (f',AUDIO="{group}"' if group else "")
        + (f',SUBTITLES="{TEXTS}"' if presentation.texts else ""),
        f"{track.name}.m3u8",
    ]


def _range(presentation: Presentation, track: Track) -> str:
    """SDR or HDR, told of all variants where one is HDR: players stay within a range (RFC 8216bis, 4.4.6.2)."""
    ranges = {each.name: VIDEO_RANGES.get(each.codec, "SDR") for each in presentation.playing("video")}
    return f",VIDEO-RANGE={ranges[track.name]}" if set(ranges.values()) - {"SDR"} and track.name in ranges else ""


def _i_frame_variant(presentation: Presentation, track: Track) -> str:
    run = presentation.listed()[track.name]
    keys = [(key.size * 8, key.duration / segment.timescale) for segment in run for key in segment.keyframes]
    peak = max(round(bits / seconds) for bits, seconds in keys)
    average = round(sum(bits for bits, _ in keys) / sum(seconds for _, seconds in keys))
    return (
        f"#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH={peak},AVERAGE-BANDWIDTH={average},"
        f'CODECS="{_codecs(run)}",RESOLUTION={run[0].width}x{run[0].height}{_range(presentation, track)},'
        f'URI="{track.name}.iframes.m3u8"'
    )


def _codecs(run: Iterable[Segment]) -> str:
    """One name for all that a rendition holds: of several encoders' the one that asks the most of a player."""
    return most_demanding(segment.codecs for segment in run)


def _media_head(presentation: Presentation, run: list[Segment]) -> list[str]:
    """The target may not change while a playlist grows, and no segment may be longer, rounded (RFC 8216, 4.3.3.1)."""
    target = max([TARGET_S, *(round(segment.seconds) for segment in run)])
    return [
        *HEAD,
        f"#EXT-X-TARGETDURATION:{target}",
        "#EXT-X-MEDIA-SEQUENCE:0",
        f"#EXT-X-PLAYLIST-TYPE:{'VOD' if presentation.complete else 'EVENT'}",
        *([] if presentation.complete else [FROM_START]),
    ]


def _breaks(presentation: Presentation) -> list[int]:
    """The segments before which all playlists have a discontinuity."""
    return presentation.takeovers([track for track in presentation.tracks if not track.later])


def _with_maps(run: Iterable[Segment], takeovers: Sequence[int]) -> Iterable[tuple[Segment, list[str]]]:
    """Each segment, with EXT-X-MAP (8.20) before the first one and wherever the initialisation changes.

    There all playlists have a discontinuity, also those whose own doesn't change: players match them by number.
    """
    known, breaks = "", set(takeovers)
    for segment in run:
        broken = [DISCONTINUITY] if segment.number in breaks else []
        mapped = [] if segment.init_key == known else [f'#EXT-X-MAP:URI="{link(segment.init_key)}"']
        yield segment, broken + mapped
        known = segment.init_key


def _end(presentation: Presentation) -> list[str]:
    return ["#EXT-X-ENDLIST"] if presentation.complete else []


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"
