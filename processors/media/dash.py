"""The DASH manifest (ISO 23009-1), written from measured segments.

A growing video is dynamic, a complete one static. Segments carry content-addressed names, so each is listed in a
SegmentList, its time in the list's SegmentTimeline; dash.js and Shaka play that, growing or not.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from processors.media.colour import BT2020, HDR, TRANSFERS, VIDEO_RANGES, code
from processors.media.model import Segment, Text, Track
from processors.media.names import link
from processors.media.periods import Listed, Span, spans
from processors.media.presentation import TARGET_S, Presentation, rates

UPDATE_S = 2
MARGIN_S = 60
ROLES = "urn:mpeg:dash:role:2011"
TEXT_BPS = 1_000  # nominal: it is fetched once, whole
FRUGAL = ("vp9", "hevc", "av1")  # codecs that need fewer bits than H.264, each fewer than the one before
PREFERRED = (*FRUGAL, *VIDEO_RANGES)  # from the least: HDR for whoever's screen shows it
CICP = "urn:mpeg:mpegB:cicp:"  # properties whose values are H.273's (ISO/IEC 23091-2)
PROFILE = "urn:mpeg:dash:profile:isoff-main:2011"


def manifest(presentation: Presentation, now: float) -> str:
    """The MPD at `now`, in seconds since 1970 (a complete video's does not depend on it)."""
    lines = [f'<?xml version="1.0" encoding="UTF-8"?>\n<MPD {_attributes(_mpd(presentation, now))}>']
    if not presentation.complete:
        lines.append(f'<UTCTiming schemeIdUri="urn:mpeg:dash:utc:direct:2014" value="{_iso(now)}"/>')
    listed = presentation.listed()
    for index, span in enumerate(spans(presentation, listed)):
        lines += _period(presentation, index, span, listed)
    return "\n".join([*lines, "</MPD>", ""])


def _period(presentation: Presentation, index: int, span: Span, listed: Listed) -> Iterator[str]:
    """A Representation has one Initialization for a whole Period (5.3.9): each span is one, and the time goes on."""
    yield f'<Period id="{index}" start="PT{_decimal(span.start_s)}S">'
    for number, tracks in enumerate(_switchable(presentation), start=1):
        if runs := {track.name: run for track in tracks if (run := span.of(listed[track.name]))}:
            yield from _adaptation_set(presentation, number, [t for t in tracks if t.name in runs], span, runs)
    lasts_s = presentation.duration_s
    yield from (_text_set(100 + number, text, span, lasts_s) for number, text in enumerate(presentation.texts))
    yield "</Period>"


def _mpd(presentation: Presentation, now: float) -> dict[str, str]:
    """Attributes with which players join at 0 and follow to the end; each other choice failed in one of them.

    A video is available from before it began, all of it: the past start keeps dash.js from waiting for segments
    that are there, the known duration keeps it from the live edge.
    """
    attributes = {
        "xmlns": "urn:mpeg:dash:schema:mpd:2011",
        "profiles": PROFILE,
        "type": "static" if presentation.complete else "dynamic",
        "mediaPresentationDuration": _duration(presentation.duration_s),
        "minBufferTime": f"PT{TARGET_S}S",
        "maxSegmentDuration": f"PT{TARGET_S}S",
    }
    if presentation.complete:
        return attributes
    start = presentation.started_at - presentation.duration_s - MARGIN_S
    return attributes | {
        "availabilityStartTime": _iso(start),
        "publishTime": _iso(now),
        "minimumUpdatePeriod": f"PT{UPDATE_S}S",
    }


def _switchable(presentation: Presentation) -> Iterator[list[Track]]:
    """Tracks between which a player switches by itself: pictures of one codec; sound it never does."""
    for _, tracks in groupby(presentation.playing("video"), key=lambda track: track.codec):
        yield list(tracks)
    for track in presentation.playing("audio"):
        yield [track]


def _adaptation_set(
    presentation: Presentation, number: int, tracks: Sequence[Track], span: Span, runs: Listed
) -> Iterator[str]:
    kind = tracks[0].kind
    about = {
        "id": str(number),
        "contentType": kind,
        "mimeType": f"{kind}/mp4",
        "segmentAlignment": "true",
        "startWithSAP": "1",
    }
    language, title = tracks[0].language, tracks[0].title
    about |= _preference(presentation, tracks) | ({"lang": language} if language else {})
    yield f"<AdaptationSet {_attributes(about)}>"
    yield from _hdr(tracks[0].codec)
    if title:
        yield f"<Label>{escape(title)}</Label>"
    if kind == "audio":
        yield f'<Role schemeIdUri="{ROLES}" value="{"main" if tracks[0].default else "alternate"}"/>'
    for track in tracks:
        run = runs[track.name]
        yield f"<Representation {_attributes(_representation(run[0], rates(presentation, track).peak))}>"
        if track.channels:
            scheme = "urn:mpeg:dash:23003:3:audio_channel_configuration:2011"
            yield f'<AudioChannelConfiguration schemeIdUri="{scheme}" value="{track.channels}"/>'
        yield from _segment_list(run, span.start_s)
        yield "</Representation>"
    yield "</AdaptationSet>"


def _preference(presentation: Presentation, tracks: Sequence[Track]) -> dict[str, str]:
    """HDR, then a codec that needs fewer bits, goes first, unless another has larger pictures (`selectionPriority`,
    5.3.3)."""
    heights = [track.height for track in presentation.playing("video")]
    if tracks[0].kind != "video" or tracks[-1].height < max(heights) or tracks[0].codec not in PREFERRED:
        return {}
    return {"selectionPriority": str(2 + PREFERRED.index(tracks[0].codec))}


def _hdr(codec: str) -> Iterator[str]:
    """What a player must know to show HDR; one that doesn't passes the set over (5.8.4.8; DVB-DASH 5.2.5 to 5.2.7)."""
    transfer = next((name for name, keeping in HDR.items() if keeping == codec), None)
    if transfer is None:
        return
    named = {"ColourPrimaries": BT2020, "TransferCharacteristics": code(TRANSFERS, transfer, 0)}
    for name, value in {**named, "MatrixCoefficients": BT2020}.items():
        yield f'<EssentialProperty schemeIdUri="{CICP}{name}" value="{value}"/>'


def _text_set(number: int, text: Text, span: Span, lasts_s: float) -> str:
    """A text, whole: a WebVTT file beside the segments, whose times are the video's."""
    about = {"id": str(number), "contentType": "text", "mimeType": "text/vtt", "lang": text.language}
    label = f"<Label>{escape(text.title)}</Label>" if text.title else ""
    return (
        f'<AdaptationSet {_attributes(about)}>{label}<Role schemeIdUri="{ROLES}" value="subtitle"/>'
        f'<Representation id="{text.name}" bandwidth="{TEXT_BPS}">{_whole(text, span.start_s, lasts_s)}'
        "</Representation></AdaptationSet>"
    )


def _whole(text: Text, start_s: Fraction, lasts_s: float) -> str:
    """Its file; in a later Period a segment up to the video's end: Shaka knows no offset of a file alone."""
    if not start_s:
        return f"<BaseURL>{escape(link(text.key))}</BaseURL>"
    left = max(1, math.ceil(1000 * (lasts_s - start_s)))
    listed = f'<SegmentList timescale="1000" duration="{left}"{_offset(start_s, 1000)}>'
    return f"{listed}<SegmentURL media={quoteattr(link(text.key))}/></SegmentList>"


def _representation(first: Segment, bandwidth: int) -> dict[str, str]:
    about = {"id": first.rendition, "codecs": first.codecs, "bandwidth": str(bandwidth)}
    if not first.height:
        return about | {"audioSamplingRate": str(first.timescale)}
    return about | {
        "width": str(first.width),
        "height": str(first.height),
        "sar": "1:1",
        "frameRate": frame_rate(first.frame_rate),
    }


def _segment_list(run: Sequence[Segment], start_s: Fraction) -> Iterator[str]:
    yield f'<SegmentList timescale="{run[0].timescale}"{_offset(start_s, run[0].timescale)}>'
    yield f"<Initialization sourceURL={quoteattr(link(run[0].init_key))}/>"
    yield f"<SegmentTimeline>{''.join(_timeline(run))}</SegmentTimeline>"
    yield from (f"<SegmentURL media={quoteattr(link(segment.key))}/>" for segment in run)
    yield "</SegmentList>"


def _offset(start_s: Fraction, timescale: int) -> str:
    """Where on the segments' timeline, which is the video's, a Period begins."""
    return f' presentationTimeOffset="{round(start_s * timescale)}"' if start_s else ""


def _timeline(run: Sequence[Segment]) -> Iterator[str]:
    """One S a segment, without repeats: dash.js finds a SegmentURL by counting S elements, not what they repeat."""
    yield from (f'<S t="{segment.start}" d="{segment.duration}"/>' for segment in run)


def frame_rate(rate: float) -> str:
    """As a whole number or a fraction: 24, 30000/1001."""
    broadcast = Fraction(round(rate * 1.001) * 1000, 1001)
    exact = broadcast if abs(float(broadcast) - rate) < 0.002 else Fraction(rate).limit_denominator(1000)
    return str(exact)


def _attributes(values: dict[str, str]) -> str:
    return " ".join(f"{name}={quoteattr(value)}" for name, value in values.items())


def _duration(seconds: float) -> str:
    return f"PT{seconds:.3f}S"


def _decimal(seconds: Fraction) -> str:
    """To the microsecond."""
    return f"{float(seconds):.6f}".rstrip("0").rstrip(".")


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
