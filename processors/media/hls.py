"""HLS playlists (RFC 8216; Apple HLS authoring in brackets), written from measured segments.

A growing video is an EVENT, a complete one VOD with ENDLIST. Links are relative, so that they keep the token.
"""

from __future__ import annotations

from collections.abc import Iterable

from processors.media.model import Segment, Track
from processors.media.names import link
from processors.media.presentation import TARGET_S, Presentation, Rates, rates

HEAD = ["#EXTM3U", "#EXT-X-VERSION:7"]
INDEPENDENT = "#EXT-X-INDEPENDENT-SEGMENTS"  # (9.11)
FROM_START = "#EXT-X-START:TIME-OFFSET=0,PRECISE=YES"  # or players join a growing video at its live edge


def master(presentation: Presentation) -> str:
    """The multivariant playlist: a variant and an I-frame playlist (6.1) for every track of pictures."""
    videos, sounds = presentation.playing("video"), presentation.playing("audio")
    lines = [*HEAD, INDEPENDENT, *([] if presentation.complete else [FROM_START])]
    lines += [_sound(track) for track in sounds]
    for track in videos:
        lines += _variant(presentation, track, sounds[0] if sounds else None)
    lines += [_i_frame_variant(track.name, presentation.listed()[track.name]) for track in videos]
    return _text(lines)


def media(presentation: Presentation, name: str) -> str:
    """One rendition's playlist. Raises KeyError for a rendition that is not planned."""
    run = presentation.listed()[name]
    lines = [*_media_head(presentation, run), INDEPENDENT]
    for segment, mapped in _with_maps(run):
        lines += [*mapped, f"#EXTINF:{segment.seconds:.5f},", link(segment.key)]
    return _text([*lines, *_end(presentation)])


def i_frames(presentation: Presentation, name: str) -> str:
    """One rendition's I-frame playlist: byte ranges of the segments. Raises KeyError as `media` does."""
    run = presentation.listed()[name]
    lines = [*_media_head(presentation, run), "#EXT-X-I-FRAMES-ONLY"]
    for segment, mapped in _with_maps(run):
        lines += mapped
        for key in segment.keyframes:
            lines += [
                f"#EXTINF:{key.duration / segment.timescale:.5f},",
                f"#EXT-X-BYTERANGE:{key.size}@{key.offset}",
                link(segment.key),
            ]
    return _text([*lines, *_end(presentation)])


def _sound(track: Track) -> str:
    """A rendition of sound: the one that plays by itself is the default."""
    default = "YES" if track.default else "NO"
    return (
        f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="{track.title or "Audio"}",DEFAULT={default},AUTOSELECT=YES,'
        f'CHANNELS="{track.channels}",URI="{track.name}.m3u8"'
    )


def _variant(presentation: Presentation, track: Track, sound: Track | None) -> list[str]:
    """(9.1, 9.2, 9.14, 9.15): rates, codecs, size and frame rate of everything the variant plays."""
    played = [track, sound] if sound else [track]
    both = sum((rates(presentation, one) for one in played), Rates(0, 0))
    first = presentation.listed()[track.name][0]
    codecs = ",".join(presentation.listed()[one.name][0].codecs for one in played)
    return [
        f"#EXT-X-STREAM-INF:BANDWIDTH={both.peak},AVERAGE-BANDWIDTH={both.average},"
        f'CODECS="{codecs}",RESOLUTION={first.width}x{first.height},FRAME-RATE={first.frame_rate:.3f}'
        + (',AUDIO="audio"' if sound else ""),
        f"{track.name}.m3u8",
    ]


def _i_frame_variant(name: str, run: list[Segment]) -> str:
    keys = [(key.size * 8, key.duration / segment.timescale) for segment in run for key in segment.keyframes]
    peak = max(round(bits / seconds) for bits, seconds in keys)
    average = round(sum(bits for bits, _ in keys) / sum(seconds for _, seconds in keys))
    return (
        f"#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH={peak},AVERAGE-BANDWIDTH={average},"
        f'CODECS="{run[0].codecs}",RESOLUTION={run[0].width}x{run[0].height},URI="{name}.iframes.m3u8"'
    )


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


def _with_maps(run: Iterable[Segment]) -> Iterable[tuple[Segment, list[str]]]:
    """Each segment, with EXT-X-MAP (8.20) before the first one and wherever the initialisation changes."""
    known = ""
    for segment in run:
        yield segment, [] if segment.init_key == known else [f'#EXT-X-MAP:URI="{link(segment.init_key)}"']
        known = segment.init_key


def _end(presentation: Presentation) -> list[str]:
    return ["#EXT-X-ENDLIST"] if presentation.complete else []


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"
