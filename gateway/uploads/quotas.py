"""How much one owner may have open at once, and in captions. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.options import Options
from gateway.problems import Problem

FINISH = "Finish or abort an upload, then try again."


def check(unfinished: Sequence[Mapping[str, Any]], size: int, options: Options) -> None:
    """Raises a 429 problem where an owner's unfinished uploads leave no room for `size` more bytes."""
    if len(unfinished) >= options.open_uploads:
        raise _refusal(f"{len(unfinished)} uploads are unfinished, {options.open_uploads} are allowed at once.", FINISH)
    held = sum(row.get("size") or 0 for row in unfinished)
    if held + size > options.open_bytes:
        raise _refusal(
            f"Unfinished uploads hold {held} bytes; with this one of {size} they would pass {options.open_bytes}.",
            FINISH,
        )


def check_captions(held: int, size: int, options: Options) -> None:
    """Raises a 429 problem where `held` bytes, in an owner's other captions, leave no room for `size` more."""
    if held + size > options.caption_bytes:
        raise _refusal(
            f"Your other captions hold {held} bytes; with these of {size} they would pass {options.caption_bytes}.",
            "Remove captions that nobody reads, then try again.",
        )


def _refusal(detail: str, mend: str) -> Problem:
    return Problem(429, "quota", detail, mend, retry_after=60)
