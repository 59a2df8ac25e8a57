"""Take the text tracks out of a file, as cues on the video's timeline."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from typing import BinaryIO

from av.container import InputContainer
from av.packet import Packet
from av.subtitles.subtitle import AssSubtitle

from processors.media.captions import LATEST_MS, MOST_CUES
from processors.media.cues import Cue, safe_text, webvtt
from processors.media.edits import picture_lead
from processors.media.frames import Concealed, frames_in, packets_of
from processors.media.jobs import TextsJob
from processors.media.made import TextMade
from processors.media.sound import zero_of
from processors.media.source import opened

MOST_BYTES = 4 << 20  # of one track
FIELDS_BEFORE_TEXT = 8  # of a SubStation Alpha event, as libavcodec gives every text subtitle
STYLE = re.compile(r"\{([^{}]*)\}")
SWITCH = re.compile(r"\\([ibu])([01])")
UNKNOWN_MS = 4_000  # how long a text is shown that says no end


def extract_texts(file: BinaryIO, job: TextsJob) -> Iterator[TextMade]:
    """A WebVTT file for each stream of the job that has any words."""
    lead = picture_lead(file)
    for index in job.streams:
        with opened(file) as container:
            cues = list(islice(_cues(container, index, lead), MOST_CUES))
        data = webvtt(cues)
        if cues and len(data) <= MOST_BYTES:
            yield TextMade(stream=index, cues=len(cues), data=data)


def _cues(container: InputContainer, index: int, lead: Fraction) -> Iterator[Cue]:
    stream = next((s for s in container.streams.subtitles if s.index == index), None)
    if stream is None or stream.codec_context is None:
        return
    zero, concealed = zero_of(container, stream) + lead, Concealed()
    for packet in packets_of(container, stream, concealed):
        for event in frames_in(packet, concealed):
            if isinstance(event, AssSubtitle) and (cue := _cue(packet, event, zero)) is not None:
                yield cue


def _cue(packet: Packet, event: AssSubtitle, zero: Fraction) -> Cue | None:
    """None for what is over before the video begins, and for what has no words."""
    if packet.pts is None or packet.time_base is None:
        return None
    start = round((packet.pts * packet.time_base - zero) * 1000)
    end = start + (round((packet.duration or 0) * packet.time_base * 1000) or UNKNOWN_MS)
    text = _text(event.ass.decode(errors="replace"))
    shown = text and end > 0 and start < LATEST_MS
    return Cue(start_ms=max(0, start), end_ms=min(end, LATEST_MS), text=text) if shown else None


def _text(event: str) -> str:
    """The words of a SubStation Alpha event, its italics, bold and underlining as tags; drawings have no words."""
    words = event.split(",", FIELDS_BEFORE_TEXT)[-1]
    if re.search(r"\\p[1-9]", words):
        return ""
    pieces = STYLE.split(words)  # text, style, text, style, ...
    written = [_tags(piece) if n % 2 else html.escape(_spaced(piece), quote=False) for n, piece in enumerate(pieces)]
    return safe_text("".join(written))


def _tags(style: str) -> str:
    reset = "</i></b></u>" if "\\r" in style else ""
    return reset + "".join(f"<{name}>" if on == "1" else f"</{name}>" for name, on in SWITCH.findall(style))


def _spaced(text: str) -> str:
    return text.replace("\\N", "\n").replace("\\n", "\n").replace("\\h", "\u00a0")
