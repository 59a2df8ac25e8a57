"""Captions as cues, and as the one WebVTT file (W3C WebVTT; RFC 8216, 3.5) that HLS, DASH and the page play.

Their text is anybody's: only tags that style are kept, each of them closed, everything else is escaped.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from processors.media.model import Value

MAPPED = "X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0"  # the video's timeline starts at 0, and so do the cues
TOKEN = re.compile(r"</?[a-zA-Z0-9][^<>]*>|&(?:[a-zA-Z]{2,8}|#\d{1,7}|#x[0-9a-fA-F]{1,6});|[^<&]+|[<&]")
TAG = re.compile(r"<(/?)([a-z]+)((?:\.[\w-]+)*)(?:[ \t]+([^<>]*))?>")
STYLES = {"i", "b", "u", "c", "v", "lang", "ruby", "rt"}
NAMING = {"v", "lang"}  # whose annotation says something: who speaks, in which language
DEEPEST = 16  # tags within one another; more of them style nothing, and would be looked through at each end
CONTROLS = dict.fromkeys([*range(9), 11, *range(14, 32), 127])


class Cue(Value, frozen=True, kw_only=True):
    """What is shown from when to when; `text` is WebVTT cue text, `settings` where it is shown."""

    start_ms: int
    end_ms: int
    text: str
    settings: str = ""


def webvtt(cues: Iterable[Cue]) -> bytes:
    """The cues as a file, in the order in which they are shown."""
    ordered = sorted(cues, key=lambda cue: (cue.start_ms, cue.end_ms))
    return "\n\n".join([f"WEBVTT\n{MAPPED}", *map(_written, ordered), ""]).encode()


def safe_text(text: str) -> str:
    """Cue text of which only styling tags are left; an empty line would end the cue, so it has none."""
    opened, parts = list[str](), list[str]()
    for token in TOKEN.findall(text.translate(CONTROLS)):
        tag = TAG.fullmatch(token)
        if tag is None:
            parts.append("" if len(token) > 1 and token[0] == "<" else html.escape(html.unescape(token), quote=False))
        elif tag[2] in STYLES:
            parts.append(_closed(opened, tag[2]) if tag[1] else _opened(opened, tag))
    closing = "".join(f"</{name}>" for name in reversed(opened))
    return "\n".join(line.strip() for line in ("".join(parts) + closing).splitlines() if line.strip())


def clock(milliseconds: int) -> str:
    """A WebVTT timestamp."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


def _written(cue: Cue) -> str:
    settings = f" {cue.settings}" if cue.settings else ""
    return f"{clock(cue.start_ms)} --> {clock(cue.end_ms)}{settings}\n{cue.text}"


def _opened(opened: list[str], tag: re.Match[str]) -> str:
    if len(opened) == DEEPEST:
        return ""
    opened.append(tag[2])
    named = html.escape(html.unescape(tag[4] or "").strip(), quote=False) if tag[2] in NAMING else ""
    return f"<{tag[2]}{f' {named}' if named else ''}>"


def _closed(opened: list[str], name: str) -> str:
    """The end of a tag and of those within it; nothing where none is open."""
    if name not in opened:
        return ""
    inner = opened[len(opened) - opened[::-1].index(name) - 1 :]
    del opened[len(opened) - len(inner) :]
    return "".join(f"</{one}>" for one in reversed(inner))
