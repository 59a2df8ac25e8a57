"""The captions and chapters of a video, as clients and manifests see them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Literal

import msgspec

from processors.media.cues import Cue, safe_text, webvtt
from processors.media.model import Text
from processors.media.names import link

Row = Mapping[str, Any]
CHAPTERS = "chapters.vtt"  # its name under a video's media
VERSION = 8  # hex digits
LEAST_MS = 1  # a chapter that ends where it begins would be none


class Caption(msgspec.Struct, frozen=True):
    """Captions in a language (BCP 47; und: unknown): `address` is a WebVTT file. `origin`: where they are from."""

    language: str
    label: str
    origin: Literal["uploaded", "embedded"]
    address: str


class Chapter(msgspec.Struct, frozen=True):
    """A part of the video, by its name."""

    start_ms: int
    end_ms: int
    title: str


def captions_of(rows: Iterable[Row]) -> list[Text]:
    """One text a language: what the owner has uploaded comes before what was embedded in the source."""
    best = dict[str, Row]()
    for row in sorted(rows, key=lambda row: row["origin"] == "uploaded"):
        if row.get("object_key"):
            best[row["language"]] = row
    return [
        Text(name=f"text-{language.lower()}", language=language, title=row.get("label") or "", key=row["object_key"],
             bytes=row.get("bytes") or 0, origin=row["origin"])
        for language, row in sorted(best.items())
    ]  # fmt: skip


def version_of(texts: Iterable[Text]) -> str:
    """What manifests' addresses say of the texts in them: caches then never hand out those from before."""
    said = "\n".join(f"{text.key} {text.title}" for text in texts)
    return sha256(said.encode()).hexdigest()[:VERSION] if said else ""


def caption_of(text: Text, media: str) -> Caption:
    """What a client is told of a text; `media`: where the video's media are, with a token."""
    origin = "uploaded" if text.origin == "uploaded" else "embedded"
    return Caption(text.language, text.title, origin, f"{media}/{link(text.key)}")


def chapters_of(video: Row | None) -> list[Chapter]:
    """The chapters that the source names, by their times."""
    return msgspec.json.decode((video or {}).get("chapters") or "[]", type=list[Chapter])


def chapter_file(chapters: Sequence[Chapter]) -> bytes:
    """Chapters as WebVTT: a cue each, its text the name."""
    return webvtt(
        Cue(start_ms=one.start_ms, end_ms=max(one.end_ms, one.start_ms + LEAST_MS), text=_name(one, number))
        for number, one in enumerate(chapters, start=1)
    )


def _name(chapter: Chapter, number: int) -> str:
    """Its title as plain text; its number where it has none."""
    return safe_text(chapter.title.replace("&", "&amp;").replace("<", "&lt;")) or str(number)
