"""What people type, made fit to be looked for. Pure."""

from __future__ import annotations

import unicodedata

from gateway.problems import FieldError

LONGEST = 200  # characters, as long as a title
LONGEST_NAME = 256
DROPPED = ("Cc", "Cs", "Zl", "Zp")  # control characters, halves of characters, line ends


def words(text: str) -> str:
    """The text in one line, in Unicode's composed form; nothing in it is syntax."""
    shown = "".join(" " if unicodedata.category(char) in DROPPED else char for char in text)
    return " ".join(unicodedata.normalize("NFC", shown).split())


def refusals(**texts: str | None) -> list[FieldError]:
    """What is too long, by field; `q` may be shorter than names."""
    return [
        FieldError(name, f"has {len(text)} characters, {most} are allowed: leave some out")
        for name, text in texts.items()
        if text is not None and len(text) > (most := LONGEST if name == "q" else LONGEST_NAME)
    ]
