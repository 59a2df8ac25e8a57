"""How much one owner may have open at once. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.options import Options
from gateway.problems import Problem


def check(unfinished: Sequence[Mapping[str, Any]], size: int, options: Options) -> None:
    """Raises a 429 problem where an owner's unfinished uploads leave no room for `size` more bytes."""
    if len(unfinished) >= options.open_uploads:
        raise _refusal(f"{len(unfinished)} uploads are unfinished, {options.open_uploads} are allowed at once.")
    held = sum(row.get("size") or 0 for row in unfinished)
    if held + size > options.open_bytes:
        raise _refusal(
            f"Unfinished uploads hold {held} bytes; with this one of {size} they would pass {options.open_bytes}."
        )


def _refusal(detail: str) -> Problem:
    return Problem(429, "quota", detail, "Finish or abort an upload, then try again.", retry_after=60)
