"""Find out what a file of sound alone is, a cover aside."""

from __future__ import annotations

from itertools import islice

from av.container import InputContainer

from processors.media.contents import audio_streams, chapters, subtitle_streams, tags
from processors.media.frames import Concealed, rewind
from processors.media.model import Probe, Unplayable
from processors.media.sound import decoded, sound_stream
from processors.media.source import Clock
from processors.media.timing import end_ticks

LONGEST_MS = 24 * 3600 * 1000


def sound_probe(container: InputContainer, size: int) -> Probe:
    """What is in a container without pictures. Raises Unplayable: `no_audio`, `no_frames`, `too_long`."""
    known = audio_streams(container)
    if not known:
        raise Unplayable("no_audio", "The sound is in a codec we can't decode. Export it as AAC.")
    stream = sound_stream(container, known[0].index)
    clock = Clock(stream)
    if not list(islice(decoded(container, stream, clock.zero_seconds, LONGEST_MS, Concealed()), 1)):
        raise Unplayable("no_frames", f"Nothing of the {known[0].codec} sound can be decoded. Export it again.")
    rewind(container, stream, clock)
    duration_ms = max(1, clock.milliseconds(end_ticks(container, stream, clock)))
    refuse_long(duration_ms)
    return Probe(
        container=container.format.name,
        duration_ms=duration_ms,
        size_bytes=size,
        bit_rate=size * 8_000 // duration_ms,
        audio=known,
        subtitles=subtitle_streams(container),
        chapters=chapters(container),
        tags=tags(container),
    )


def refuse_long(duration_ms: int) -> None:
    """Raises Unplayable (`too_long`)."""
    if duration_ms > LONGEST_MS:
        raise Unplayable("too_long", "The video is longer than 24 hours. Cut it into parts.")
