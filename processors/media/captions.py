"""Read captions that somebody has uploaded: SubRip (.srt) or WebVTT (.vtt), in the encodings that people have.

Written here and not with pysubs2 or webvtt-py: those pass over what they can't read and keep text as it was, while an
owner wants to know the line that is wrong, and a viewer no markup of a stranger's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from processors.media.cues import Cue, safe_text

MOST_BYTES = 2 << 20  # a long film's are 200 kB
MOST_CUES = 20_000
MOST_CHARACTERS = 10_000  # of one cue
LATEST_MS = 24 * 3600 * 1000
TIME = r"(?:(\d{1,3}):)?([0-5]?\d):([0-5]?\d)[.,](\d{1,3})"
TIMES = re.compile(rf"^\s*{TIME}\s*-->\s*{TIME}(?:\s+(.*))?$")
SETTING = re.compile(
    r"(?:vertical:(?:rl|lr)|line:-?\d{1,3}(?:\.\d+)?%?(?:,(?:start|center|end))?|align:(?:start|center|end|left|right)"
    r"|position:\d{1,3}(?:\.\d+)?%(?:,(?:line-left|center|line-right))?|size:\d{1,3}(?:\.\d+)?%)"
)
OVERRIDE = re.compile(r"\{\\[^{}]*\}")  # of SubStation Alpha, which SubRip files hold, too
ASIDE = ("NOTE", "STYLE", "REGION")


class BadCaptions(Exception):
    """The file holds no captions that can be shown. The message says where and why."""


def captions(data: bytes) -> list[Cue]:
    """The cues of a file. Raises BadCaptions, which names the line, for what neither format has."""
    if len(data) > MOST_BYTES:
        raise BadCaptions(
            f"The file is larger than {MOST_BYTES >> 20} MiB. Captions of a long film have a tenth of it."
        )
    lines = decoded(data).lstrip("\ufeff").splitlines()
    is_vtt = bool(lines) and re.match(r"WEBVTT(\s|$)", lines[0]) is not None
    cues = [cue for block in _blocks(lines, skip=is_vtt) if (cue := _cue(*block, is_vtt)) is not None]
    if not cues:
        raise BadCaptions("The file holds no captions. Send SubRip (.srt) or WebVTT (.vtt).")
    if len(cues) > MOST_CUES:
        raise BadCaptions(f"The file holds {len(cues):,} captions; {MOST_CUES:,} are the most.")
    return cues


def decoded(data: bytes) -> str:
    """The text of a file: UTF-16 or UTF-8 by its mark or by its bytes, else Windows-1252 (Latin-1 with more)."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if data[1:2] == b"\0" or data[:1] == b"\0":
        return data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _blocks(lines: list[str], skip: bool) -> Iterator[tuple[int, list[str]]]:
    """Lines between empty ones, with the number of the first; `skip` the first block, a header."""
    block = list[str]()
    for number, line in enumerate([*lines, ""], start=1):
        if line.strip():
            block.append(line)
        elif block:
            if not skip:
                yield number - len(block), block
            block, skip = [], False


def _cue(number: int, block: list[str], is_vtt: bool) -> Cue | None:
    """A block's cue; None for a comment or a caption without words."""
    if is_vtt and block[0].split()[0] in ASIDE:
        return None
    at = next((n for n, line in enumerate(block[:2]) if "-->" in line), None)
    if at is None:
        raise BadCaptions(f"Line {number}: {block[0].strip()[:40]!r} should be a time: 00:00:01,000 --> 00:00:04,000.")
    start, end, settings = _times(number + at, block[at])
    words = "\n".join(block[at + 1 :])
    if len(words) > MOST_CHARACTERS:
        raise BadCaptions(f"Line {number}: a caption of {len(words):,} characters; {MOST_CHARACTERS:,} are the most.")
    text = safe_text(OVERRIDE.sub("", words))
    return Cue(start_ms=start, end_ms=end, text=text, settings=settings if is_vtt else "") if text else None


def _times(number: int, line: str) -> tuple[int, int, str]:
    found = TIMES.match(line)
    if found is None:
        raise BadCaptions(f"Line {number}: {line.strip()[:60]!r} is no time: write 00:00:01,000 --> 00:00:04,000.")
    start, end = _milliseconds(*found.groups()[:4]), _milliseconds(*found.groups()[4:8])
    if not start < end <= LATEST_MS:
        raise BadCaptions(f"Line {number}: {line.strip()[:60]!r} must end after it starts, within 24 hours.")
    return start, end, " ".join(word for word in (found[9] or "").split() if SETTING.fullmatch(word))


def _milliseconds(hours: str | None, minutes: str, seconds: str, fraction: str) -> int:
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int(fraction.ljust(3, "0"))
