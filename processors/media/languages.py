"""Languages as BCP 47 tags: what a container or a person calls them, in the one way of writing each."""

from __future__ import annotations

from langcodes import standardize_tag, tag_is_valid
from langcodes.tag_parser import LanguageTagError

UNKNOWN = "und"
LONGEST = 35  # characters (RFC 5646, 4.4.1)


class NoLanguage(ValueError):
    """Not a tag of BCP 47."""


def language_tag(text: str) -> str:
    """`de` for "ger", "deu" and "DE". Raises NoLanguage for what is no language."""
    try:
        tag = standardize_tag(text) if len(text) <= LONGEST else ""
    except LanguageTagError:
        tag = ""
    if not tag or not tag.isascii() or not tag_is_valid(tag):
        raise NoLanguage(f"{text[:LONGEST]!r} is no language: write a BCP 47 tag such as en or pt-BR")
    return tag


def known_language(text: str | None) -> str | None:
    """The tag of what a container says, which may be nothing or nonsense."""
    try:
        tag = language_tag(text or UNKNOWN)
    except NoLanguage:
        return None
    return None if tag == UNKNOWN else tag
