"""Which announced files are taken: the rules on names, sizes, types and texts. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

import msgspec

from gateway.options import Options
from gateway.problems import FieldError
from processors.media.policies import PolicyName
from schemas.uploads import Visibility

LONGEST_TITLE = 200
LONGEST_TEXT = 5_000
MOST_TAGS = 30
LONGEST_TAG = 50
LONGEST_FILENAME = 255
LONGEST_CATEGORY = 50
LANGUAGE = re.compile(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$")  # RFC 5646, without the grandfathered tags
MEDIA_TYPE = re.compile(r"^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$")  # RFC 6838


class StartUpload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file that is to become a video. `size` in bytes, `language` a BCP 47 tag.

    `encoding`: how much is made of it (`processors/media/policies.py`); else what the installation is set to.
    """

    filename: str
    size: int
    content_type: str
    title: str = ""
    description: str = ""
    tags: list[str] = []
    category: str | None = None
    language: str | None = None
    visibility: Visibility = "public"
    encoding: PolicyName | None = None

    @property
    def named(self) -> str:
        """The title, or the file's name without its ending."""
        return self.title.strip() or self.filename.rsplit(".", 1)[0].strip() or self.filename

    @property
    def media_type(self) -> str:
        """The content type without its parameters."""
        return self.content_type.partition(";")[0].strip().lower()


def refusals(wanted: StartUpload, options: Options) -> list[FieldError]:
    """Everything wrong with an announcement, so that one answer names it all."""
    return [
        *_filename(wanted.filename), *_size(wanted.size, options), *_type(wanted.media_type, options),
        *description_refusals(wanted.title or None, wanted.description, wanted.tags, wanted.category, wanted.language),
    ]  # fmt: skip


def description_refusals(
    title: str | None, description: str | None, tags: Sequence[str] | None, category: str | None, language: str | None
) -> list[FieldError]:
    """What is wrong with the words that describe a video; None is left alone."""
    return [
        *_text("title", title, LONGEST_TITLE, empty=False), *_text("description", description, LONGEST_TEXT),
        *_tags(tags or ()), *_text("category", category, LONGEST_CATEGORY, empty=False), *_language(language),
    ]  # fmt: skip


def _filename(name: str) -> Iterator[FieldError]:
    if not 0 < len(name) <= LONGEST_FILENAME:
        yield FieldError("filename", f"must have 1 to {LONGEST_FILENAME} characters")
    elif "/" in name or "\\" in name or name in (".", "..") or _controls(name):
        yield FieldError("filename", "must be a bare file name, without folders or control characters")


def _size(size: int, options: Options) -> Iterator[FieldError]:
    if size < 1:
        yield FieldError("size", "is 0 bytes: choose a file that is not empty" if size == 0 else "must be 1 or more")
    elif size > options.max_bytes:
        yield FieldError("size", f"is {size} bytes, {options.max_bytes} are allowed: choose a smaller file")


def _type(media_type: str, options: Options) -> Iterator[FieldError]:
    if not MEDIA_TYPE.match(media_type):
        yield FieldError("content_type", "must be a media type such as video/mp4")
    elif not any(fnmatchcase(media_type, allowed) for allowed in options.content_types):
        yield FieldError("content_type", f"{media_type} is not taken: send a video, such as MP4, MOV, MKV or WebM")


def _text(field: str, text: str | None, longest: int, empty: bool = True) -> Iterator[FieldError]:
    if text is None:
        return
    if len(text) > longest:
        yield FieldError(field, f"has {len(text)} characters, {longest} are allowed")
    elif not empty and not text.strip():
        yield FieldError(field, "must not be empty")
    elif _controls(text.translate({9: None, 10: None, 13: None} if empty else {})):
        yield FieldError(field, "must not hold control characters")


def _tags(tags: Sequence[str]) -> Iterator[FieldError]:
    if len(tags) > MOST_TAGS:
        yield FieldError("tags", f"are {len(tags)}, {MOST_TAGS} are allowed")
        return
    for index, tag in enumerate(tags):
        yield from _text(f"tags[{index}]", tag, LONGEST_TAG, empty=False)


def _language(tag: str | None) -> Iterator[FieldError]:
    if tag is not None and (len(tag) > 35 or not LANGUAGE.match(tag)):
        yield FieldError("language", "must be a BCP 47 tag such as en or pt-BR")


def _controls(text: str) -> bool:
    return any(unicodedata.category(c) in ("Cc", "Cs") for c in text)
