"""What a container says of itself: streams, chapters and tags.

All of it may be crafted, and it travels in an event, so everything is bounded (streams are by
`source.opened`): a Probe stays below 200 kB.
"""

from __future__ import annotations

from fractions import Fraction

from av.container import InputContainer
from av.stream import Disposition, Stream

from processors.media.model import AudioStream, Chapter, SubtitleStream

TAGS = {  # of the work, never of people or places: events carry no names and no positions
    "title", "description", "synopsis", "comment", "genre", "date", "creation_time", "encoder", "language",
    "show", "season_number", "episode_id", "major_brand", "compatible_brands", "keywords",
}  # fmt: skip
TAG_BYTES, TITLE_BYTES, NAME_BYTES = 2_000, 400, 100  # UTF-8
MOST_CHAPTERS = 200
LATEST_MS = 24 * 3600 * 1000


def audio_streams(container: InputContainer) -> list[AudioStream]:
    """The audio that can be decoded, the one marked default first."""
    known = [s for s in container.streams.audio if s.codec_context is not None and s.codec_context.sample_rate]
    known.sort(key=lambda s: not s.disposition & Disposition.default)
    return [
        AudioStream(
            index=s.index,
            codec=s.codec_context.name,
            channels=s.codec_context.layout.nb_channels,
            layout=clean(s.codec_context.layout.name, NAME_BYTES),
            sample_rate=s.codec_context.sample_rate,
            language=language(s),
            title=clean(s.metadata.get("title", ""), TITLE_BYTES) or None,
        )
        for s in known
    ]


def subtitle_streams(container: InputContainer) -> list[SubtitleStream]:
    return [
        SubtitleStream(index=s.index, codec=s.codec_context.name, language=language(s))
        for s in container.streams.subtitles
        if s.codec_context is not None
    ]


def language(stream: Stream) -> str | None:
    """As the container names it (ISO 639-2); None where it doesn't."""
    named = clean(stream.language or "", NAME_BYTES)
    return named if named not in ("", "und") else None


def chapters(container: InputContainer) -> list[Chapter]:
    """The first ones; times that no video has become 0 or a day."""
    return [
        Chapter(
            start_ms=_milliseconds(chapter["start"], base),
            end_ms=_milliseconds(chapter["end"], base),
            title=clean(chapter["metadata"].get("title", ""), TITLE_BYTES),
        )
        for chapter in container.chapters()[:MOST_CHAPTERS]
        if (base := chapter["time_base"])
    ]


def tags(container: InputContainer) -> dict[str, str]:
    named = ((name.lower(), text) for name, text in container.metadata.items())
    return {name: clean(text, TAG_BYTES) for name, text in named if name in TAGS}


def clean(text: str, most: int) -> str:
    """Text out of a container: at most so many bytes of UTF-8, and valid, whatever bytes were there."""
    return text[:most].encode(errors="replace")[:most].decode(errors="ignore")


def _milliseconds(ticks: int, base: Fraction) -> int:
    return min(max(0, round(ticks * base * 1000)), LATEST_MS)
